import { mkdir, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Review } from "../../components/review/types.ts";
import { exitCodes, UserError } from "../exit.ts";
import { type Format, formats, print } from "./print/index.ts";

const extensions: Readonly<Record<Format, string>> = {
  terminal: "txt",
  markdown: "md",
  html: "html",
  json: "json",
};

/** What is printed where nobody says how: text for people at a terminal, and the comment for all that goes elsewhere. */
export function usualFormat(out: string | undefined, isTerminal = process.stdout.isTTY === true): Format {
  return out === undefined && isTerminal ? "terminal" : "markdown";
}

/** Formats as written on the command line, separated by commas. @throws UserError for one that isn't */
export function formatsOf(text: string): Format[] {
  return [...new Set(text.split(",").map((name) => name.trim()))].map((name) => {
    const format = formats.find((known) => known === name);
    if (format !== undefined) return format;
    throw new UserError(`--format: "${name}" is none of [${formats.join(", ")}]`, exitCodes.usage);
  });
}

/** Where reviews go: to stdout, to one file, or to a folder with a file for each stack and format. */
export type Destination =
  | { readonly kind: "stdout" }
  | { readonly kind: "file" | "folder"; readonly path: string };

/**
 * `out` is a folder when it is one or ends in a slash, or when there may be more than one file.
 *
 * @throws UserError when several formats would go to stdout, or several files to one
 */
export async function destinationOf(
  out: string | undefined,
  chosen: readonly Format[],
  severalStacks: boolean,
): Promise<Destination> {
  if (out === undefined) {
    if (chosen.length === 1) return { kind: "stdout" };
    throw usage("several formats need --out <folder>: on stdout they would run into each other");
  }
  const there = await stat(out).catch(() => null);
  const isFolder = there?.isDirectory() || severalStacks || chosen.length > 1 || out.endsWith("/");
  if (there !== null && !there.isDirectory() && isFolder)
    throw usage(`--out: "${out}" is a file, and there may be several reports; name a folder`);
  return { kind: isFolder ? "folder" : "file", path: out };
}

/** Prints reviews one after the other, or writes them. Returns the paths of what was written. */
export async function writeReviews(
  reviews: readonly Review[],
  chosen: readonly Format[],
  destination: Destination,
): Promise<string[]> {
  const written: string[] = [];
  for (const review of reviews) {
    for (const format of chosen) {
      const text = await print(review, format);
      if (destination.kind === "stdout") process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
      else written.push(await write(destination, `${review.stack}.${extensions[format]}`, text));
    }
  }
  return written;
}

async function write(
  { kind, path }: Destination & { path: string },
  name: string,
  text: string,
): Promise<string> {
  const file = kind === "folder" ? join(path, name) : path;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
}

function usage(message: string): UserError {
  return new UserError(message, exitCodes.usage);
}
