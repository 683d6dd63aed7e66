import { join } from "node:path";
import { buildSync } from "esbuild";

const folder = join(import.meta.dirname, "../../runtime/follower");

let program: Buffer | undefined;

/**
 * The follower as one file for the Node 18 of Debian 12, with all that it imports: the same bytes for the same sources and
 * dependencies, on whatever machine. Built once a process, in about a second.
 */
export function followerProgram(): Buffer {
  program ??= build();
  return program;
}

function build(): Buffer {
  const { outputFiles } = buildSync({
    entryPoints: [join(folder, "main.ts")],
    // Paths in the output are relative to it.
    absWorkingDir: folder,
    bundle: true,
    minify: true,
    write: false,
    platform: "node",
    target: "node18",
    format: "esm",
    // AWS's clients come in both forms; of this one only what is used gets in.
    mainFields: ["module", "main"],
    // Some of what they import asks for Node's modules in the older way.
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    logLevel: "silent",
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error("esbuild made no file of the follower");
  return Buffer.from(file.contents);
}
