import { createHash } from "node:crypto";
import { join } from "node:path";
import { folders } from "../../infra/folders.mjs";
import { backendUrl } from "../../infra/owner.ts";

/** A file of ours about a stack, in the person's state folder: one for each backend that has a stack of the name. */
export function stateFile(kind: string, stack: string, extension: string): string {
  const backend = createHash("sha256").update(backendUrl()).digest("hex").slice(0, 8);
  return join(folders().state, kind, `${stack}-${backend}.${extension}`);
}
