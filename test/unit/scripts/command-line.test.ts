import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { commandLine, helpWidth, verbs } from "../../../scripts/command-line.ts";
import { exitMeanings } from "../../../scripts/exit.ts";

/** What a person sees who asks for help. */
function helpOf(command: Command): string {
  let text = "";
  command.configureOutput({ writeOut: (part) => (text += part) }).outputHelp();
  return text;
}

const program = await commandLine(undefined);
const commands: [string, Command][] = [
  ["./hotspare", program],
  ...program.commands.map((verb): [string, Command] => [verb.name(), verb]),
];

test("every verb registers itself under its name", () => {
  expect(program.commands.map((verb) => verb.name())).toEqual(Object.keys(verbs));
});

describe.each(commands)("the help of %s", (name, command) => {
  const help = helpOf(command);

  test(`fits ${helpWidth} columns`, () => {
    expect(help.split("\n").filter((line) => line.length > helpWidth)).toEqual([]);
  });

  test("names commands as people type them", () => {
    expect(help).not.toMatch(/npm run|npx/);
    expect(help).toMatch(/^Usage: \.\/hotspare /);
  });

  test("lists the exit codes in one place", () => {
    const listed = Object.values(exitMeanings).filter((meaning) => help.includes(`  ${meaning}\n`));
    expect(listed).toEqual(name === "./hotspare" ? Object.values(exitMeanings) : []);
  });
});
