import { statSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { openGiven } from "../../../../scripts/verbs/given-file.ts";
import { temporaryFolder, write } from "../../../support/temporary.ts";

test("a file that a person names is read, or written for that person alone", async () => {
  const folder = temporaryFolder();
  const read = await openGiven(write(join(folder, "a.sql"), "select 1"), "r");
  expect(await text(read.createReadStream())).toBe("select 1");
  const file = join(folder, "b.sql");
  await (await openGiven(file, "w")).close();
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("what can't be read or written is refused before anything is done for it", async () => {
  const folder = temporaryFolder();
  const missing = join(folder, "no", "a.sql");
  await expect(openGiven(missing, "r")).rejects.toThrow(`${missing} isn't there`);
  await expect(openGiven(folder, "r")).rejects.toThrow(`${folder} is a folder; name a file`);
  await expect(openGiven(missing, "w")).rejects.toThrow(
    /a\.sql can't be written \(ENOENT.*\); name another file/,
  );
  await expect(openGiven(folder, "w")).rejects.toThrow(/can't be written \(EISDIR.*\); name another file/);
});
