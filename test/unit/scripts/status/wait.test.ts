import { Writable } from "node:stream";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { NodeStory } from "../../../../components/platform/planned/story.ts";
import type { DeliveryTransport } from "../../../../components/platform/planned/transport.ts";
import { statusOf } from "../../../../scripts/status/cluster-status.ts";
import { waitUntilServing } from "../../../../scripts/status/wait.ts";
import { Progress } from "../../../../scripts/toolchain/progress.ts";
import { planAny } from "../../../support/plan-any.ts";
import { small } from "../../../support/small.ts";

/* Time is the test's. */

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const plan = planAny(small({ pools: { web: { active: 1 } }, rollout: { patience: "90 s" } }) as never);

function status(healthy: boolean) {
  const member = { key: "web-1", role: "active", weight: 1, healthy, inRotation: healthy };
  const counts = { inFlight: 0, requests: 0, failures: 0 };
  const pools = { web: { algorithm: {}, members: [{ ...member, ...counts }] } };
  const machines = [...plan.balancers, ...plan.nodes, ...plan.wardens, plan.door, plan.filter];
  return statusOf("test", plan, {
    machines: new Map(machines.flatMap((machine) => (machine === null ? [] : [[machine.key, up] as const]))),
    balancers: new Map(
      plan.balancers.map(({ key }) => [key, { revision: "1", holdsVirtualAddress: key === "lb-1", pools }]),
    ),
  });
}
const up = { state: "running", running: true };

interface World {
  readonly story?: Partial<NodeStory>;
  /** What the node's check is answered. */
  readonly code?: string;
  /** From when on the node is healthy, in ms. */
  readonly healthyAt?: number;
}

/** Waits in a world; the error's words or null, and how long it took. */
async function waited({ story = {}, code = "503", healthyAt = Number.POSITIVE_INFINITY }: World) {
  const began = Date.now();
  const quiet: NodeStory = {
    running: true,
    exitCode: null,
    outOfMemory: false,
    restarts: 0,
    lines: ["boot"],
  };
  const transport = {
    exec: async () => ({ exitCode: 0, stdout: code, stderr: "" }),
    runningBalancers: async () => ["lb-1"],
    story: async () => ({ ...quiet, ...story }),
  } as unknown as DeliveryTransport;
  let took = 0;
  const outcome = waitUntilServing({
    stack: "test",
    plan,
    transport,
    progress: new Progress(new Writable({ write: (_chunk, _encoding, done) => done() })),
    look: async () => ({ status: status(Date.now() - began >= healthyAt), silent: [] }),
    entrance: null,
  })
    .then(
      () => null,
      (error: Error) => error.message,
    )
    .finally(() => {
      took = Date.now() - began;
    });
  await vi.advanceTimersByTimeAsync(200_000);
  return { words: await outcome, took };
}

describe("waiting for a cluster", () => {
  test("ends when it serves, however late within its patience", async () => {
    const { words, took } = await waited({ healthyAt: 80_000 });
    expect(words).toBeNull();
    expect(took).toBeGreaterThanOrEqual(80_000);
  });

  test("ends with what the node's check was answered and its last lines", async () => {
    const { words, took } = await waited({});
    expect(words).toBe(
      [
        "the cluster does not serve after 95 s: pool web: none of its nodes is healthy",
        "web-1: its check was answered HTTP 503; its last lines:",
        "    boot",
        "What takes longer to start gets the time by rollout.patience (now 90 s).",
      ].join("\n"),
    );
    expect(took).toBeGreaterThanOrEqual(95_000);
  });

  test("ends at once where every node ends again and again", async () => {
    const { words, took } = await waited({ story: { running: false, exitCode: 1, restarts: 5 } });
    expect(took).toBeLessThan(1_000);
    expect(words).toBe(
      [
        "the cluster does not serve: pool web: none of its nodes is healthy",
        "web-1: ended with exit code 1, started again 5 times; its last lines:",
        "    boot",
      ].join("\n"),
    );
  });

  test("goes on while a node has ended a few times: what it waits for may be on its way", async () => {
    const { words } = await waited({
      story: { running: false, exitCode: 1, restarts: 4 },
      healthyAt: 20_000,
    });
    expect(words).toBeNull();
  });
});
