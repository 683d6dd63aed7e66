import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exitCodes, UserError } from "../exit.ts";
import { propertyName } from "./text.ts";

/** The line of a stack in stacks/index.ts. */
const entryOf = (name: string) => `${propertyName(name)}: () => import("./${name}.ts"),`;

/** stacks/index.ts with one stack more, behind the others; null where it is written in a way that can't be added to. */
export function withEntry(index: string, name: string): string | null {
  const ends = [...index.matchAll(/\n\}(?= satisfies Stacks;| as const satisfies Stacks;|;)/g)];
  const [end] = ends;
  if (end === undefined || ends.length > 1) return null;
  const head = index.slice(0, end.index);
  const comma = /[,{]\s*$/.test(head.replace(/\/\/.*$/gm, "")) ? "" : ",";
  return `${head}${comma}\n  ${entryOf(name)}${index.slice(end.index)}`;
}

/**
 * Writes a stack's file and adds it to stacks/index.ts; never over a file that is there.
 *
 * @param folder stacks/
 * @returns the file, relative to the project
 * @throws UserError, and then nothing is written
 */
export function addStack(folder: string, name: string, text: string): string {
  const indexFile = join(folder, "index.ts");
  const file = join(folder, `${name}.ts`);
  const shown = `stacks/${name}.ts`;
  if (existsSync(file)) throw taken(shown);
  const index = withEntry(readFileSync(indexFile, "utf8"), name);
  if (index === null)
    throw new UserError(
      `stacks/index.ts: this command can't tell where its list of stacks ends; add \`${entryOf(name)}\` by hand, and copy a stack that is there to ${shown}`,
      exitCodes.stackProblems,
    );
  try {
    writeFileSync(file, text, { flag: "wx" });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw code === "EEXIST" ? taken(shown) : new UserError(`${shown} can't be written: ${message}`);
  }
  try {
    const temporary = `${indexFile}.${process.pid}`;
    writeFileSync(temporary, index, { flag: "wx" });
    renameSync(temporary, indexFile);
  } catch (error) {
    rmSync(file);
    throw new UserError(`stacks/index.ts can't be written: ${(error as Error).message}`);
  }
  return shown;
}

function taken(shown: string): UserError {
  return new UserError(
    `${shown} is there already and is not written over; choose another name`,
    exitCodes.usage,
  );
}
