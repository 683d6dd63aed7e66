/*
 * Sticky comments: one a stack in a pull request, found again by a marker in its first line and updated in place. What has to be
 * done is worked out from the comments that are there, so that doing it twice does nothing twice.
 */

/** A comment as far as it matters here. */
export interface Comment {
  readonly id: number;
  /** Login of who wrote it; null for accounts that are gone. */
  readonly author: string | null;
  readonly body: string;
}

/** What a comment is of: a stack, or {@link everyStack}; with its project, as {@link topicIn} writes it. */
export type Topic = string;

/** A stack's topic in a project of the repository; comments of before that was told apart have none. */
export function topicIn(stack: string, project: string | undefined): Topic {
  return project === undefined ? stack : `${stack} in ${project}`;
}

export function stackOf(topic: Topic): string {
  return topic.split(" in ", 1)[0] ?? topic;
}

export function projectOf(topic: Topic): string | undefined {
  const stack = stackOf(topic);
  return stack === topic ? undefined : topic.slice(stack.length + " in ".length);
}

/** A topic for people: the project only where it isn't all of the repository. */
export function topicShown(topic: Topic): string {
  return projectOf(topic) === "." ? stackOf(topic) : topic;
}

/** Topic of the comment that speaks of a review run as a whole; no stack has this name. */
export const everyStack: Topic = "*";

export type Action =
  | { readonly kind: "create"; readonly topic: Topic; readonly body: string }
  | { readonly kind: "update"; readonly topic: Topic; readonly id: number; readonly body: string }
  | { readonly kind: "delete"; readonly topic: Topic; readonly id: number };

/** What the comments should be. */
export interface Wanted {
  /** Comments that must be there, by topic. */
  readonly bodies: ReadonlyMap<Topic, string>;
  /** What is posted instead where GitHub takes a body for too long. */
  readonly short: ReadonlyMap<Topic, string>;
  /** What a comment says whose topic is in `bodies` no more. Null leaves it as it is. */
  readonly stale: (topic: Topic) => string | null;
  /** Topics that get no comment of their own where none is there yet. */
  readonly onlyWhereThere: ReadonlySet<Topic>;
}

/** The first line that printers give to a report of a stack. */
const markerLine =
  /^<!-- hotspare:review:(\*|[A-Za-z0-9][A-Za-z0-9_.-]{0,99})(?: in ([^\s<>]{1,4096}))? -->(?:\r?\n|$)/;

/** What a comment is of; null when it doesn't begin with a marker. One that quotes a marker further down is somebody's answer. */
function topicOf(body: string): Topic | null {
  const [, stack, project] = markerLine.exec(body) ?? [];
  return stack === undefined ? null : topicIn(stack, project === undefined ? undefined : decoded(project));
}

function decoded(project: string): string {
  try {
    return decodeURIComponent(project);
  } catch {
    // No line of ours; it is nobody's project then.
    return project;
  }
}

/**
 * What brings the comments of `author` to what is wanted. Comments of others are never touched, whatever they begin with. Where two
 * runs have made a comment each, the older one stays.
 */
export function actionsFor(comments: readonly Comment[], author: string, wanted: Wanted): Action[] {
  const own = ownByTopic(comments, author);
  for (const topic of wanted.bodies.keys()) takeOver(topic, own);
  const topics = [...new Set([...wanted.bodies.keys(), ...own.keys()])].sort();
  return topics.flatMap((topic) => actionsOf(topic, own.get(topic) ?? [], wanted));
}

/** A comment of before projects were told apart becomes that of the first project that has something to say of such a stack. */
function takeOver(topic: Topic, own: Map<Topic, Comment[]>): void {
  const before = stackOf(topic);
  const found = own.get(before);
  if (before === topic || found === undefined || own.has(topic)) return;
  own.delete(before);
  own.set(topic, found);
}

function actionsOf(topic: Topic, [oldest, ...younger]: readonly Comment[], wanted: Wanted): Action[] {
  const body = wanted.bodies.get(topic) ?? null;
  if (oldest === undefined) {
    return body === null || wanted.onlyWhereThere.has(topic) ? [] : [{ kind: "create", topic, body }];
  }
  const next = body ?? wanted.stale(topic);
  const duplicates = younger.map(({ id }): Action => ({ kind: "delete", topic, id }));
  if (next === null || isSame(oldest.body, next)) return duplicates;
  return [{ kind: "update", topic, id: oldest.id, body: next }, ...duplicates];
}

/** Oldest first: GitHub counts ids up. */
function ownByTopic(comments: readonly Comment[], author: string): Map<Topic, Comment[]> {
  const found = new Map<Topic, Comment[]>();
  for (const comment of [...comments].sort((a, b) => a.id - b.id)) {
    const topic = topicOf(comment.body);
    if (topic === null || comment.author?.toLowerCase() !== author.toLowerCase()) continue;
    found.set(topic, [...(found.get(topic) ?? []), comment]);
  }
  return found;
}

/** GitHub may give line ends back as a web form sends them, and without what is blank at the end. */
function isSame(a: string, b: string): boolean {
  const plain = (body: string) => body.replaceAll("\r\n", "\n").trimEnd();
  return plain(a) === plain(b);
}
