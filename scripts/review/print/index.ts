import type { Review } from "../../../components/review/types.ts";
import { json } from "./json.ts";
import { markdown } from "./markdown/index.ts";
import { terminal } from "./terminal.ts";

export const formats = ["terminal", "markdown", "html", "json"] as const;
export type Format = (typeof formats)[number];

/** A review as a file of that format. The same review is the same bytes. */
export async function print(review: Review, format: Format): Promise<string> {
  switch (format) {
    case "terminal":
      // A terminal that tells no size has 0 columns.
      return terminal(review, process.stdout.columns || undefined);
    case "markdown":
      return markdown(review);
    case "json":
      return json(review);
    case "html": {
      // What draws the pictures takes a moment to load, and nobody else needs it.
      const { html } = await import("./html/index.ts");
      return html(review);
    }
  }
}
