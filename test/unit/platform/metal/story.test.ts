import { expect, test } from "vitest";
import { readStory, storyCommand } from "../../../../components/platform/metal/story.ts";

test("what systemd knows of a service is read with its log", () => {
  expect(storyCommand).toContain("hotspare-node.service");
  const said =
    "NRestarts=6\nResult=exit-code\nActiveState=activating\nExecMainStatus=3\n-- log\none\n\ntwo\n";
  expect(readStory(said)).toEqual({
    running: false,
    exitCode: 3,
    outOfMemory: false,
    restarts: 6,
    lines: ["one", "two"],
  });
});

test("a service that has never ended has no exit code", () => {
  const said = "NRestarts=0\nResult=success\nActiveState=active\nExecMainStatus=0\n-- log\n";
  expect(readStory(said)).toMatchObject({ running: true, exitCode: null, lines: [] });
});

test("a service that the kernel ended for its memory is told apart", () => {
  const said = "NRestarts=1\nResult=oom-kill\nActiveState=failed\nExecMainStatus=137\n-- log\n";
  expect(readStory(said)).toMatchObject({ running: false, outOfMemory: true, exitCode: 137 });
});
