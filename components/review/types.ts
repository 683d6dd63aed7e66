import type { ClusterChange } from "./compare/types.ts";
import type { EngineReview } from "./engine/types.ts";
import type { Risk } from "./risks/types.ts";

/*
 * The words of a review: plain data, the same for the same input, so that every printer (Markdown, HTML, JSON) shows the same
 * facts. No value in it may hold a secret: whoever fills it in masks first (masks.ts).
 */

/** Version of the review document; bump it when a field changes its meaning. */
export const reviewSchema = "hotspare.review/2";

export interface Review {
  readonly schema: typeof reviewSchema;
  readonly stack: string;
  readonly base: Revision;
  readonly head: Revision;
  readonly verdict: Verdict;
  /** What could not be looked at, and why. The rest of the review stands nevertheless. */
  readonly failures: readonly Failure[];
  /**
   * Null when the head could not be planned. Where only the base could not, the head's plan compared with nothing, so that there
   * is something to look at; a failure says so.
   */
  readonly change: ClusterChange | null;
  /** By severity, then code, then path; acknowledged ones too. */
  readonly risks: readonly Risk[];
  /** Null without `--preview`. */
  readonly engine: EngineReview | null;
  /** What held the code of both revisions back while it was planned; null in reviews of before there was anything. */
  readonly confinement: Confinement | null;
}

/** What held for both sides, beside an environment without anything of the person or the CI. */
export interface Confinement {
  /** Node's permission model: files of the checkout and its packages can be read, and nothing can be started. */
  readonly permissions: boolean;
  /** A process list, a file tree and a network of its own, by the kernel. */
  readonly namespaces: boolean;
}

/** One side of the comparison. */
export interface Revision {
  /** As the person wrote it; `working tree` where nothing was named. */
  readonly ref: string;
  /** Full commit id; null for a folder that no commit describes. */
  readonly commit: string | null;
  /** Whether files differ from that commit. */
  readonly dirty: boolean;
}

/**
 * The worst that holds, in this order: `failed` something could not be looked at; `violated` a risk of severity `danger` that
 * nobody acknowledged; `drift` what runs isn't what the state says; `destructive` something is deleted or replaced;
 * `changed`; `unchanged`. Decides the exit code.
 */
export type Verdict = "unchanged" | "changed" | "destructive" | "drift" | "violated" | "failed";

export interface Failure {
  readonly phase: "base" | "head" | "preview" | "drift";
  /** For people: what happened and the way out. */
  readonly message: string;
}
