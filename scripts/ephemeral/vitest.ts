import { test } from "vitest";
import type { TestProject } from "vitest/node";
import {
  attachCluster,
  startCluster,
  type TestCluster,
  type TestClusterOptions,
  type What,
} from "./testing.ts";

/*
 * Clusters as vitest has its fixtures.
 */

declare module "vitest" {
  interface ProvidedContext {
    /** Name of the cluster that {@link clusterSetup} has started. */
    readonly hotspareCluster: string;
    /** Where it answers. */
    readonly hotspareUrl: string;
  }
}

/** A `test` with a `cluster` of the test's file, started when the first test asks for it. */
export function clusterTest(what: What, options?: TestClusterOptions) {
  return test.extend<{ readonly $file: { readonly cluster: TestCluster } }>({
    cluster: [
      // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which other fixtures are wanted
      async ({}, use) => {
        await using cluster = await startCluster(what, options);
        await use(cluster);
      },
      { scope: "file" },
    ],
  });
}

/**
 * A `globalSetup` with one cluster for all files: `export default clusterSetup("dev")`. Tests get it by
 * `attachCluster(inject("hotspareCluster"))`, or only its address by `inject("hotspareUrl")`.
 */
export function clusterSetup(what: What, options?: TestClusterOptions) {
  return async (project: TestProject): Promise<() => Promise<void>> => {
    const cluster = await startCluster(what, options);
    project.provide("hotspareCluster", cluster.name);
    project.provide("hotspareUrl", cluster.url);
    return () => cluster.down();
  };
}

export { attachCluster };
