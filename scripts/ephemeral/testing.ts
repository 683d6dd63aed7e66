import type { StackInput } from "../../components/model/spec.ts";
import { sourceOf } from "../stacks.ts";
import { Progress } from "../toolchain/progress.ts";
import { create } from "./create.ts";
import { groundOf } from "./ground.ts";
import { parseSpan } from "./span.ts";
import { known } from "./store.ts";
import { TestCluster } from "./test-cluster.ts";

/*
 * Clusters in tests. What stands is what `./hotspare up` stands up, so a test that loses a node here loses it as production does.
 */

export { TestCluster, TestMachine } from "./test-cluster.ts";

/** A stack's name in stacks/index.ts, or a stack as `defineStack` takes it; its platform is Docker when it says none. */
export type What = string | StackInput;

export interface TestClusterOptions {
  /** By default the stack's name and four digits. */
  readonly name?: string;
  /** How long it stands at most, should this process live longer; `"1h"` by default. */
  readonly ttl?: string;
  /** Whether it stays, to be looked at, when it doesn't stand; false by default. */
  readonly keepOnFailure?: boolean;
  /** Gets what the commands write for people; by default nobody does. */
  readonly told?: (line: string) => void;
}

/**
 * Starts a cluster, and waits until it serves.
 *
 * @example `await using cluster = await startCluster("dev");`
 * @throws UserError with what kept it from standing, its machines' last lines included
 */
export async function startCluster(what: What, options: TestClusterOptions = {}): Promise<TestCluster> {
  const { name, ttl = "1h", keepOnFailure = false, told = () => undefined } = options;
  const stack = typeof what === "string" ? what : what.name;
  const input = typeof what === "string" ? sourceOf(what).input : what;
  const watch = { told };
  const progress = new Progress({ write: (text) => told(text.trimEnd()) });
  const record = await create({
    source: { input, images: null },
    stack,
    name,
    ttl: parseSpan(ttl),
    heldByThis: true,
    keepOnFailure,
    progress,
    watch,
  });
  return TestCluster.of(record, await groundOf(record), watch);
}

/** Starts a cluster, hands it over, and removes it whatever happens. @returns what `use` returns */
export async function withCluster<T>(
  what: What,
  use: (cluster: TestCluster) => Promise<T>,
  options: TestClusterOptions = {},
): Promise<T> {
  await using cluster = await startCluster(what, options);
  return await use(cluster);
}

/** A cluster that stands already, e.g. one that another process has started. @throws UserError when there is none of this name */
export async function attachCluster(name: string): Promise<TestCluster> {
  const record = known(name);
  return TestCluster.of(record, await groundOf(record), { told: () => undefined });
}
