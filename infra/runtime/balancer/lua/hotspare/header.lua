-- Called by nginx when an answer begins, whoever gives it.

local answers = require("hotspare.answers")
local dropped = require("hotspare.dropped")
local forwarded = require("hotspare.forwarded")
local leaving = require("hotspare.leaving")
local sticky = require("hotspare.sticky")
local transform = require("hotspare.transform")

local M = {}

-- compresses: whether nginx may compress answers. underscores: whether headers with an underscore in their name reach nodes.
function M.pass(compresses, underscores)
  if forwarded.header() then
    return
  end
  leaving.header()
  answers.note()
  sticky.header()
  if compresses then
    transform.header()
  end
  if not underscores then
    dropped.note()
  end
end

return M
