import type { Member } from "../../model/members-document.ts";
import type { ClusterPlan } from "../../plan/types.ts";
import type { NodeStory } from "./story.ts";

/** Pace of a roll-out, in milliseconds; the stack's `rollout`, and of each pool by id how long a start may take and what people call it. */
export type RolloutPace = ClusterPlan["rollout"] & {
  readonly pools?: Readonly<Record<string, { readonly startup: number; readonly shownAs: string }>>;
};

/**
 * Tells how far a roll-out is: its phase, and after a colon what changes all the time, e.g. `gate: 2 of 3 new nodes pass, web-3 answers
 * HTTP 503`.
 */
export type TellProgress = (text: string) => void;

/** What the platform knows of a node's process. */
export type AskStory = (member: Member) => Promise<NodeStory | null>;
