import { expect, test } from "vitest";
import { commandLine } from "../../../../scripts/command-line.ts";

test.each([
  ["exec", ["dev", "web-1", "--", "sh", "-c", "exit 3"], ["dev", "web-1", ["sh", "-c", "exit 3"]]],
  ["exec", ["dev", "web-1"], ["dev", "web-1", []]],
  [
    "run",
    ["dev", "web", "--", "./manage.py", "--help", "--", "x"],
    ["dev", "web", ["./manage.py", "--help", "--", "x"]],
  ],
])("%s %j: what is after -- is the program's", async (verb, args, expected) => {
  const program = await commandLine(verb);
  const command = program.commands.find((one) => one.name() === verb);
  const heard: unknown[] = [];
  command?.action((...values: unknown[]) => void heard.push(...values.slice(0, 3)));
  await program.parseAsync([verb, ...args], { from: "user" });
  expect(heard).toEqual(expected);
});
