import { realpathSync } from "node:fs";
import { homedir, hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../../infra/context.ts";
import { unknownValue } from "./provider.ts";

/* What differs from run to run and from machine to machine has no place in a fixture. */

/** A recording without times, paths, names of machine and user, and ports. */
export function scrub(text: string): string {
  return text
    .replaceAll(realpathSync(join(projectRoot, "node_modules")), "/project/node_modules")
    .replaceAll(projectRoot, "/project")
    .replaceAll(homedir(), "/home/person")
    .replaceAll(`${tmpdir()}/`, "/temporary/")
    .replaceAll(hostname(), "machine")
    .replace(new RegExp(`\\b${userInfo().username}@`, "g"), "person@")
    .replace(/"timestamp":\d+/g, '"timestamp":0')
    .replace(/"durationSeconds":\d+/g, '"durationSeconds":0')
    .replace(
      new RegExp(`(?!${unknownValue})[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`, "g"),
      "00000000-0000-4000-8000-000000000000",
    )
    .replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:1");
}
