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
import { developmentStack } from "../../../support/plans.ts";

const kinds = [...new Set(catalog.map(({ fault }) => fault.kind))];

it("every kind of fault in the catalog is offered by some platform", () => {
  const offered = new Set(platforms.flatMap(({ faults }) => [...faults]));
  expect(kinds.filter((kind) => !offered.has(kind))).toEqual([]);
});

it("what kills a program is a drill of the balancers that have it", () => {
  const programs = catalog.filter(({ fault }) => fault.kind === "kill-program").map(({ id }) => id);
  expect(programs.filter((id) => tierHas("nginx", id))).toEqual([
    "nginx-dead",
    "keepalived-dead",
    "deaths50",
  ]);
  expect(programs.filter((id) => tierHas("lvs", id))).toEqual(["control-dead", "keepalived-dead"]);
  for (const kind of ["nginx", "lvs"] as const) expect(tierHas(kind, "node-killed")).toBe(true);
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
