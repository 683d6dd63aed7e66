import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/* The page as one document: its style and its program are in it, and by its policy nothing else runs and nothing comes from elsewhere. */

const part = (name: string) => readFileSync(join(import.meta.dirname, "page", name), "utf8");

interface Page {
  readonly html: string;
  readonly policy: string;
}

let made: Page | undefined;

function make(): Page {
  const [style, program] = [part("page.css"), part("page.js")];
  const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  return {
    html: part("page.html")
      .replace("/* style */", () => style)
      .replace("/* program */", () => program),
    policy: `default-src 'none'; style-src ${hash(style)}; script-src ${hash(program)}; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  };
}

export function page(): string {
  made ??= make();
  return made.html;
}

/** The Content-Security-Policy that it is sent with. */
export function policy(): string {
  made ??= make();
  return made.policy;
}
