import { createHash, randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { folders, NoHomeError, pulumiHome } from "./folders.mjs";

/*
 * Whose cluster is it? Two people with a stack of the same name on one Docker Engine must not meet, and two people of one
 * team who share a state backend must. So the owner is a hash of backend and project, and for a backend on this machine's
 * disk, whose URL may well be the same on another machine, of a random identity of this person as well.
 */

/** The owner's identifier: 8 hexadecimal digits, the same for everybody who shares backend and project. */
export function ownerId(backendUrl: string, project: string, identity: () => string): string {
  const local = backendUrl === "" || backendUrl.startsWith("file:");
  return createHash("sha256")
    .update([backendUrl, project, local ? identity() : ""].join("\n"))
    .digest("hex")
    .slice(0, 8);
}

/** Pulumi's own service: what an access token without a backend is for. */
const service = "https://api.pulumi.com";

/** The backend that Pulumi will use: from the environment, else the one logged in to, else "". */
export function backendUrl(env: NodeJS.ProcessEnv = process.env): string {
  if (env.PULUMI_BACKEND_URL) return env.PULUMI_BACKEND_URL;
  if (env.PULUMI_ACCESS_TOKEN) return env.PULUMI_API || service;
  try {
    const home = pulumiHome(env);
    if (home === null) return "";
    const { current } = JSON.parse(readFileSync(join(home, "credentials.json"), "utf8")) as {
      current?: string;
    };
    return current ?? "";
  } catch {
    return "";
  }
}

/**
 * This person's identity on this machine: random, made on first use, readable by nobody else. Who has no home has no identity that
 * lasts, and nothing of theirs can stand: what they plan is nobody's.
 */
export function personalIdentity(env: NodeJS.ProcessEnv = process.env): string {
  const file = identityFile(env);
  if (file === null) return "nobody";
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const identity = randomBytes(16).toString("hex");
    try {
      // Exclusive, so that of two first runs at once both end up with the same one.
      writeFileSync(file, `${identity}\n`, { flag: "wx", mode: 0o600 });
      return identity;
    } catch {
      chmodSync(file, 0o600);
      return readFileSync(file, "utf8").trim();
    }
  }
}

function identityFile(env: NodeJS.ProcessEnv): string | null {
  try {
    return join(folders(env).config, "identity");
  } catch (error) {
    if (error instanceof NoHomeError) return null;
    throw error;
  }
}
