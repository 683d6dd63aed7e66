import { describe, expect, it } from "vitest";
import type { ClusterPlan } from "../../../../components/plan/types.ts";
import { catalog } from "../../../../scripts/drill/catalog.ts";
import { DrillCluster } from "../../../../scripts/drill/context.ts";
import { faultOf } from "../../../../scripts/drill/faults/index.ts";
import type { FaultSpec } from "../../../../scripts/drill/faults/spec.ts";
import { withPool } from "../../../../scripts/drill/faults/up.ts";
import type { DrillPlatform, MachineFaultKind } from "../../../../scripts/drill/platform.ts";
import { tierHas } from "../../../../scripts/drill/tiers/select.ts";
import { platforms } from "../../../../scripts/platforms/select.ts";
import { planAny } from "../../../support/plan-any.ts";
import { developmentStack, forwardedStack, layeredStack } from "../../../support/plans.ts";

const kinds = [...new Set(catalog.map(({ fault }) => fault.kind))];

it("every kind of fault in the catalog is offered by some platform", () => {
  const offered = new Set(platforms.flatMap(({ faults }) => [...faults]));
  expect(kinds.filter((kind) => !offered.has(kind))).toEqual([]);
});

it("what kills a program is a drill of the balancers that have it", () => {
  const of = (plan: ClusterPlan) =>
    catalog
      .filter((drill) => drill.fault.kind === "kill-program" && tierHas(plan, drill))
      .map(({ id }) => id);
  expect(of(planAny(developmentStack))).toEqual(["nginx-dead", "keepalived-dead", "deaths50"]);
  expect(of(planAny(forwardedStack))).toEqual(["control-dead", "keepalived-dead"]);
  // In layers the directors have the address.
  expect(of(planAny(layeredStack))).toEqual(["control-dead", "keepalived-dead"]);
});

it("balancers behind directors have drills of their own, and those of requests", () => {
  const of = (plan: ClusterPlan, ids: readonly string[]) =>
    catalog.filter((drill) => ids.includes(drill.id) && tierHas(plan, drill)).map(({ id }) => id);
  const own = ["behind-killed", "behind-frozen"];
  const asked = [...own, "poison-url", "node-killed", "director-switched"];
  expect(new Set(of(planAny(layeredStack), asked))).toEqual(new Set(asked));
  for (const stack of [developmentStack, forwardedStack]) expect(of(planAny(stack), own)).toEqual([]);
});

describe("a fault", () => {
  /** A platform that writes down what it is asked. */
  function asked(plan: ClusterPlan) {
    const notes: string[] = [];
    const fault = (kind: MachineFaultKind) => (keys: readonly string[]) => ({
      strike: async () => void notes.push(`${kind} ${keys.join(" ")}`),
      heal: async () => void notes.push(`heal ${kind} ${keys.join(" ")}`),
    });
    const platform = {
      card: "ens7",
      faults: {
        kill: fault("kill"),
        freeze: fault("freeze"),
        stop: fault("stop"),
        disconnect: fault("disconnect"),
      },
      exec: async (key: string, ...command: string[]) => {
        notes.push(`${key}: ${command.join(" ")}`);
        return "";
      },
      killProgram: async (key: string, program: string) => void notes.push(`${key}: kills ${program}`),
    } as Partial<DrillPlatform> as DrillPlatform;
    return { cluster: new DrillCluster(platform, "dev", plan), notes };
  }

  const plan = planAny(developmentStack);
  const made = async (spec: FaultSpec) => {
    const { cluster, notes } = asked(plan);
    const fault = faultOf(spec, { cluster, holder: "lb-1", round: 0 });
    await fault.strike();
    await fault.heal();
    return { victims: fault.victims, notes };
  };

  it("of whole machines is made by the platform", async () => {
    expect(await made({ kind: "kill", of: "node" })).toEqual({
      victims: ["web-2"],
      notes: ["kill web-2", "heal kill web-2"],
    });
    expect((await made({ kind: "freeze", of: "holder" })).notes).toEqual(["freeze lb-1", "heal freeze lb-1"]);
    expect((await made({ kind: "disconnect", of: "all-active" })).notes[0]).toBe(
      "disconnect web-1 web-2 web-3",
    );
  });

  it("by `up` changes fields of one pool in the stack as it is written", () => {
    const source = { input: developmentStack, images: null };
    const { input, images } = withPool(source, "web", { active: 4 });
    expect(images).toBeNull();
    const before = planAny(developmentStack).nodes.map(({ key }) => key);
    const after = planAny(input as typeof developmentStack).nodes.map(({ key }) => key);
    expect(after.filter((key) => !before.includes(key))).toEqual(["web-4"]);
    expect(developmentStack.pools.web.active).toBe(3);
  });

  it("of a program is made from inside, and healed by who supervises it", async () => {
    const { notes } = await made({ kind: "kill-program", of: "holder", program: "nginx" });
    expect(notes).toEqual(["lb-1: kills nginx"]);
  });

  it("of the network between balancers is made on the card that the platform names", async () => {
    const { notes, victims } = await made({ kind: "partition" });
    expect(victims).toEqual(["lb-1", "lb-2"]);
    expect(notes).toHaveLength(4);
    expect(notes.every((note) => note.includes(" dev ens7 "))).toBe(true);
  });
});
