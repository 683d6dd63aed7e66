import * as pulumi from "@pulumi/pulumi";
import type { Case } from "./cases.ts";
import { Group, Lab, Thing } from "./lab.ts";

/** What may be shown of values. */
export const values: readonly Case[] = [
  {
    name: "secret-in-inputs",
    program: (after) => {
      new Thing("node", {
        pinKey: pulumi.secret(after ? "hunter-two" : "hunter-one"),
        nested: { token: pulumi.secret(after ? "hunter-four" : "hunter-three"), size: after ? 2 : 1 },
      });
    },
  },
  {
    name: "secret-in-a-cascade",
    program: (after) => {
      const net = new Thing("net", { frail: after ? "b" : "a" });
      new Thing("node", {
        pinNet: net.ref,
        envs: [pulumi.secret(after ? "hunter-two" : "hunter-one"), "plain"],
        size: after ? 2 : 1,
      });
    },
  },
  {
    name: "unknown-outputs",
    program: (after) => {
      const made = after ? [new Thing("made", { size: "a" })] : [];
      new Thing("node", { plain: made[0]?.ref ?? "none", list: ["first", made[0]?.ref ?? "none"] });
    },
  },
  {
    name: "password-in-plain",
    program: (after) => {
      new Thing("node", { password: after ? "swordfish-two" : "swordfish-one", size: after ? 2 : 1 });
    },
  },
  {
    name: "assets",
    program: (after) => {
      new Thing("node", {
        pinFile: new pulumi.asset.StringAsset(after ? "two" : "one"),
        long: after ? "line\n".repeat(40) : "row\n".repeat(40),
      });
    },
  },
];

/** Runs that don't end well, and runs of other commands. */
export const trouble: readonly Case[] = [
  {
    name: "program-throws-at-the-end",
    program: (after) => {
      new Thing("node", { pinSize: after ? "b" : "a" });
      if (after) throw new Error("the program's last line fails");
    },
  },
  {
    name: "program-logs",
    program: (after) => {
      new Thing("node", { size: after ? "b" : "a" });
      if (!after) return;
      pulumi.log.warn("the subnet is nearly full");
      console.error("written to the program's error stream");
      pulumi.log.info("for people who look closely");
    },
  },
  {
    name: "stream-ends-after-a-deletion",
    program: (after) => {
      const net = new Thing("net", { frail: after ? "b" : "a" });
      new Thing("node", { pinNet: net.ref });
    },
    cut: 6,
  },
  {
    name: "stream-ends-in-the-middle",
    program: (after) => {
      const net = new Thing("net", { frail: after ? "b" : "a" });
      new Thing("node", { pinNet: net.ref });
    },
    cut: 12,
  },
  {
    name: "engine-killed",
    program: (after) => {
      for (let node = 1; node <= 30; node++) new Thing(`node-${node}`, { pinSize: after ? "b" : "a" });
    },
    kill: true,
  },
  {
    name: "interrupted-delete-first",
    program: (after) => {
      const net = new Thing("net", { frail: after ? "b" : "a" });
      new Thing("node", { pinNet: net.ref });
    },
    failing: () => {
      const net = new Thing("net", { frail: "b", impossible: true });
      new Thing("node", { pinNet: net.ref });
    },
  },
  {
    name: "interrupted-create-first",
    program: (after) => {
      const net = new Thing("net", { pinSubnet: after ? "b" : "a" });
      new Thing("node", { plain: net.ref, pinSize: after ? "b" : "a" });
    },
    failing: () => {
      const net = new Thing("net", { pinSubnet: "b" });
      new Thing("node", { plain: net.ref, pinSize: "b", impossible: true });
    },
  },
  {
    name: "interrupted-and-changed-again",
    program: (after) => {
      const net = new Thing("net", { pinSubnet: after ? "c" : "a" });
      new Thing("node", { pinNet: net.ref });
    },
    failing: () => {
      const net = new Thing("net", { pinSubnet: "b" });
      new Thing("node", { pinNet: net.ref, impossible: true });
    },
  },
  {
    name: "interrupted-and-gone",
    program: (after) => {
      if (!after) new Thing("net", { frail: "a" });
    },
    failing: () => {
      new Thing("net", { frail: "b", impossible: true });
    },
  },
  {
    name: "drift-refresh",
    program: () => {
      new Thing("changed", { size: "a" });
      new Thing("gone", { size: "a" });
      new Thing("well", { size: "a" });
    },
    command: ["refresh", "--preview-only"],
    meddle: ({ world }) => {
      world.delete([...world.keys()].find((id) => id.startsWith("gone-")) ?? "");
      const changed = [...world.keys()].find((id) => id.startsWith("changed-")) ?? "";
      world.set(changed, { ...world.get(changed), size: "meddled" });
    },
  },
  {
    name: "drift-none",
    program: () => {
      new Thing("well", { size: "a" });
    },
    command: ["refresh", "--preview-only"],
  },
  {
    name: "drift-in-a-preview",
    program: () => {
      new Thing("changed", { size: "a" });
      new Thing("gone", { size: "a" });
    },
    args: ["--refresh"],
    meddle: ({ world }) => {
      world.delete([...world.keys()].find((id) => id.startsWith("gone-")) ?? "");
      const changed = [...world.keys()].find((id) => id.startsWith("changed-")) ?? "";
      world.set(changed, { ...world.get(changed), size: "meddled" });
    },
  },
  {
    name: "update-fails",
    program: (after) => {
      new Thing("node", { pinSize: after ? "b" : "a", impossible: after });
    },
    command: ["up", "--skip-preview", "--yes"],
  },
  {
    name: "destroy",
    program: () => {
      const lab = new Lab("own", { region: "x" });
      new Thing("node", { size: "a" }, { provider: lab, parent: new Group("cluster") });
    },
    command: ["destroy", "--preview-only"],
  },
  {
    name: "policies",
    program: (after) => {
      new Thing("node", { size: after ? "forbidden" : "a" });
      new Thing("other", { size: after ? "doubtful" : "a" });
    },
    policies: "policy-pack",
  },
];
