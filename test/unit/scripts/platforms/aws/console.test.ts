import { expect, test } from "vitest";
import { lastLinesMarks } from "../../../../../components/render/aws/user-data.ts";
import { betweenMarks, lastLines } from "../../../../../scripts/platforms/aws/console.ts";
import { groupSentence } from "../../../../../scripts/platforms/aws/events.ts";

const { begin, end } = lastLinesMarks;
const failed = ["[    2.0] systemd", `[   61.2] cloud-init: ${begin}`, "E: no package nginx", end, "halt"];

test("of a console what a first boot that failed said last, of the newest one", () => {
  expect(betweenMarks(failed.join("\r\n"))).toEqual(["E: no package nginx"]);
  expect(betweenMarks([...failed, begin, "later", end].join("\n"))).toEqual(["later"]);
  // As when AWS took the console in the middle.
  expect(betweenMarks(failed.slice(0, 3).join("\n"))).toEqual(["E: no package nginx"]);
  expect(betweenMarks("Debian GNU/Linux 13")).toEqual([]);
});

/** A client that answers, or refuses by these names. */
function consoleOf(text: string, ...refusals: string[]) {
  const asked: unknown[] = [];
  const send = async ({ input }: { input: unknown }) => {
    asked.push(input);
    const name = refusals.shift();
    if (name !== undefined) throw Object.assign(new Error(name), { name });
    return { Output: Buffer.from(text).toString("base64") };
  };
  return { asked, client: { send } as never };
}

test("machines without the newest are asked for what there is, those that are gone say nothing", async () => {
  const old = consoleOf(failed.join("\n"), "UnsupportedOperation");
  expect(await lastLines(old.client, "i-0abc")).toEqual(["E: no package nginx"]);
  expect(old.asked).toEqual([
    { InstanceId: "i-0abc", Latest: true },
    { InstanceId: "i-0abc", Latest: false },
  ]);
  expect(await lastLines(consoleOf("", "InvalidInstanceID.NotFound").client, "i-0abc")).toEqual([]);
  await expect(lastLines(consoleOf("", "UnauthorizedOperation").client, "i-0abc")).rejects.toThrow();
});

test("events have them below the machine that was given up, without what a terminal would obey", () => {
  const sentence = groupSentence({
    schema: 1,
    time: "2026-01-01T00:00:00.000Z",
    group: "web",
    event: "launch",
    status: "Cancelled",
    node: "i-0abc",
    why: "abandoned",
    lastLines: ["E: no package nginx", "\u001b[2J"],
  });
  expect(sentence).toContain("launches i-0abc: Cancelled, abandoned");
  expect(sentence.split("\n").at(1)).toBe("    | E: no package nginx");
  expect(sentence).not.toContain("\u001b[2J");
});
