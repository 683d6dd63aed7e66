import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { containersOf } from "../components/model/containers.ts";
import { type Problem, SpecError } from "../components/model/problem.ts";
import { isUnholdable } from "../components/model/rules/pools.ts";
import type { ClusterSpec } from "../components/model/spec.ts";
import type { FileContent } from "../components/plan/container-options.ts";
import type { PlanContext } from "../components/plan/types.ts";
import { projectRoot } from "./project-root.ts";

/*
 * The project's files that a stack names: those that containers get, and those with environment variables. As with folders that images are
 * built of, the model asks no disk; whoever plans reads them here.
 */

/** Bytes that a file may have: it is part of its container's arguments, and of the plan. */
const largest = 256 * 1024;

type Files = Required<Pick<PlanContext, "files" | "environments">>;

/** @throws SpecError with everything that can't be read, or not be understood */
export function stackFiles(spec: ClusterSpec): Files {
  const { problems, ...files } = readStackFiles(spec);
  if (problems.length > 0) throw new SpecError(`cluster "${spec.name}"`, problems);
  return files;
}

/** What a stack's files hold, and what is wrong with them. */
export function readStackFiles(
  spec: Pick<ClusterSpec, "pools" | "accessories" | "workers">,
  root = projectRoot,
): Files & { readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const files: Record<string, FileContent> = {};
  const environments: Record<string, Record<string, string>> = {};
  for (const { path: at, container } of containersOf(spec)) {
    for (const [path, { content }] of Object.entries(container.files)) {
      if (!("file" in content)) continue;
      const read = readProjectFile(root, content.file, `${at}.files.${path}.content.file`);
      if ("code" in read) problems.push(read);
      else files[content.file] = contentOf(read.bytes);
    }
    for (const [index, file] of container.environmentFiles.entries()) {
      const path = `${at}.environmentFiles[${index}]`;
      const read = readProjectFile(root, file, path);
      if ("code" in read) problems.push(read);
      else {
        const { variables, wrong } = parseEnvironment(read.bytes.toString("utf8"));
        if (wrong.length > 0) problems.push({ ...misread(file, wrong), path });
        environments[file] = variables;
      }
    }
  }
  return { files, environments, problems };
}

function readProjectFile(root: string, file: string, path: string): Problem | { readonly bytes: Buffer } {
  const problem = (message: string, hint: string) => ({ code: "container.file-unread", path, message, hint });
  const full = join(root, file);
  try {
    const { size } = statSync(full);
    if (size > largest)
      return problem(
        `${JSON.stringify(file)} has ${Math.ceil(size / 1024)} KB, and a file may have ${largest / 1024}`,
        "make it part of the image, or bring it into a volume",
      );
    return { bytes: readFileSync(full) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "isn't there" : `can't be read (${code})`;
    return problem(`${JSON.stringify(file)} ${why}`, "name a file, relative to the project's root");
  }
}

function contentOf(bytes: Buffer): FileContent {
  const text = bytes.toString("utf8");
  return Buffer.from(text, "utf8").equals(bytes) ? { text } : { base64: bytes.toString("base64") };
}

function misread(file: string, lines: readonly number[]): Omit<Problem, "path"> {
  const shown = lines.slice(0, 5).join(", ");
  const which = lines.length === 1 ? `line ${shown}` : `lines ${shown}${lines.length > 5 ? ", …" : ""}`;
  return {
    code: "container.environment-misread",
    message: `${which} of ${JSON.stringify(file)} ${lines.length === 1 ? "is" : "are"} no \`NAME=value\`, set a variable that the kit sets itself (PORT, HOTSPARE_…), or have a character that no environment holds`,
    hint: "write one variable a line, without control characters; lines that begin with # are comments",
  };
}

/**
 * Variables of a file as Docker Compose and shells write them: `NAME=value` a line, `export` in front or not, a value in quotes or not.
 * Nothing in a value is replaced, and a comment may follow it. @returns numbers of lines that are nothing of that as well, or hold what no
 * environment does
 */
export function parseEnvironment(text: string): {
  readonly variables: Record<string, string>;
  readonly wrong: number[];
} {
  const variables: Record<string, string> = {};
  const wrong: number[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const [, name = "", value = ""] = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line) ?? [];
    if (name === "" || name === "PORT" || name.startsWith("HOTSPARE_") || isUnholdable(value))
      wrong.push(index + 1);
    else variables[name] = unquoted(value);
  }
  return { variables, wrong };
}

function unquoted(value: string): string {
  return /^\s*(["'])(.*?)\1(?:\s*|\s+#.*)$/.exec(value)?.[2] ?? value.replace(/\s+#.*$/, "").trim();
}
