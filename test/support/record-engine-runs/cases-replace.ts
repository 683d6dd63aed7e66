import * as pulumi from "@pulumi/pulumi";
import type { Case } from "./cases.ts";
import { Group, Lab, Thing, urn } from "./lab.ts";

/** Replacements with a cause of their own. */
export const replacements: readonly Case[] = [
  {
    name: "own-create-first",
    program: (after) => {
      new Thing("net", { pinSubnet: after ? "10.1.0.0/24" : "10.0.0.0/24", size: "big" });
    },
  },
  {
    name: "own-delete-first",
    program: (after) => {
      new Thing("net", { frail: after ? "10.1.0.0/24" : "10.0.0.0/24", size: after ? "small" : "big" });
    },
  },
  {
    name: "own-option-delete-first",
    program: (after) => {
      new Thing("net", { pinSubnet: after ? "b" : "a" }, { deleteBeforeReplace: true });
    },
  },
  {
    name: "own-option-create-first",
    program: (after) => {
      new Thing("net", { frail: after ? "b" : "a" }, { deleteBeforeReplace: false });
    },
  },
  {
    name: "own-added-and-removed",
    program: (after) => {
      new Thing("net", after ? { pinNew: "x" } : { pinOld: "y" });
    },
  },
  {
    name: "own-several-properties",
    program: (after) => {
      const step = after ? 1 : 0;
      new Thing("net", { pinA: step, pinB: { deep: [step, 2] }, loose: step, same: 3 });
    },
  },
  {
    name: "own-replace-on-changes",
    program: (after) => {
      new Thing("net", { size: after ? "b" : "a", other: 1 }, { replaceOnChanges: ["size"] });
    },
  },
  {
    name: "requested-replace",
    program: () => {
      const net = new Thing("net", { pinSubnet: "a" });
      new Thing("node", { plain: net.ref });
    },
    args: ["--replace", urn("net")],
  },
  {
    name: "requested-replace-of-two-in-a-chain",
    program: () => {
      const net = new Thing("net", { frail: "a" }, { deleteBeforeReplace: true });
      new Thing("node", { pinNet: net.ref });
    },
    args: ["--replace", urn("net"), "--replace", urn("node")],
  },
  {
    name: "requested-taint",
    program: () => {
      new Thing("net", { pinSubnet: "a" });
    },
    between: [["state", "taint", urn("net")]],
  },
  {
    name: "requested-and-changed",
    program: (after) => {
      new Thing("net", { pinSubnet: after ? "b" : "a" });
    },
    args: ["--replace", urn("net")],
  },
  {
    name: "trigger",
    program: (after) => {
      new Thing("node", { size: "a" }, { replacementTrigger: after ? "two" : "one" });
    },
  },
  {
    name: "trigger-and-changed",
    program: (after) => {
      new Thing("node", { size: after ? "b" : "a" }, { replacementTrigger: after ? "two" : "one" });
    },
  },
  {
    name: "trigger-delete-first",
    program: (after) => {
      const options = { replacementTrigger: after ? "two" : "one", deleteBeforeReplace: true };
      const node = new Thing("node", { size: "a" }, options);
      new Thing("door", { pinNode: node.ref });
    },
  },
  {
    name: "provider-swapped",
    program: (after) => {
      const [one, two] = [new Lab("one", { region: "x" }), new Lab("two", { region: "y" })];
      new Thing("node", { size: "a" }, { provider: after ? two : one });
    },
  },
  {
    name: "provider-replaced",
    program: (after) => {
      const provider = new Lab("own", { region: after ? "y" : "x" });
      const net = new Thing("net", { size: "a" }, { provider });
      new Thing("node", { plain: net.ref }, { provider });
    },
  },
  {
    name: "provider-changed-in-place",
    program: (after) => {
      const provider = new Lab("own", { region: "x", retries: after ? "2" : "1" });
      new Thing("node", { size: "a" }, { provider });
    },
  },
  {
    name: "init-error-replaced",
    program: (after) => {
      new Thing("node", { unwell: !after }, { replaceOnChanges: ["#initerror"] });
    },
  },
  {
    name: "init-error-updated",
    program: () => {
      new Thing("node", { unwell: true });
    },
  },
];

/** Replacements because of others. */
export const cascades: readonly Case[] = [
  {
    name: "cascade-delete-first",
    program: (after) => {
      const net = new Thing("net", { frail: after ? "b" : "a" });
      new Thing("node", { pinNet: net.ref });
    },
  },
  {
    name: "cascade-create-first",
    program: (after) => {
      const net = new Thing("net", { pinSubnet: after ? "b" : "a" });
      new Thing("node", { pinNet: net.ref });
    },
  },
  {
    name: "cascade-depth-2",
    program: (after) => {
      const net = new Thing("net", { frail: after ? "b" : "a" });
      const node = new Thing("node", { pinNet: net.ref });
      new Thing("door", { pinNode: node.ref });
    },
  },
  {
    name: "cascade-depth-4",
    program: (after) => {
      let last = new Thing("level-0", { frail: after ? "b" : "a" });
      for (let level = 1; level <= 4; level++) last = new Thing(`level-${level}`, { pinBelow: last.ref });
    },
  },
  {
    name: "cascade-depth-4-create-first",
    program: (after) => {
      let last = new Thing("level-0", { pinRoot: after ? "b" : "a" });
      for (let level = 1; level <= 4; level++) last = new Thing(`level-${level}`, { pinBelow: last.ref });
    },
  },
  {
    name: "cascade-diamond",
    program: (after) => {
      const top = new Thing("top", { frail: after ? "b" : "a" });
      const left = new Thing("left", { pinTop: top.ref });
      const right = new Thing("right", { pinTop: top.ref });
      new Thing("bottom", { pinLeft: left.ref, pinRight: right.ref });
    },
  },
  {
    name: "cascade-two-roots",
    program: (after) => {
      const one = new Thing("one", { frail: after ? "b" : "a" });
      const two = new Thing("two", { frail: after ? "b" : "a" });
      new Thing("both", { pinOne: one.ref, pinTwo: two.ref });
    },
  },
  {
    name: "cascade-wide",
    program: (after) => {
      const net = new Thing("net", { frail: after ? "b" : "a" });
      for (let node = 1; node <= 6; node++) new Thing(`node-${node}`, { pinNet: net.ref, plain: node });
    },
  },
  {
    name: "cascade-with-own-change",
    program: (after) => {
      const net = new Thing("net", { frail: after ? "b" : "a" });
      new Thing("node", { pinNet: net.ref, size: after ? "small" : "big", pinImage: after ? "v2" : "v1" });
    },
  },
  {
    name: "cascade-mixed-order",
    program: (after) => {
      const net = new Thing("net", { pinSubnet: after ? "b" : "a" });
      const node = new Thing("node", { pinNet: net.ref }, { deleteBeforeReplace: true });
      new Thing("door", { pinNode: node.ref });
    },
  },
  {
    name: "cascade-from-an-update",
    program: (after) => {
      const template = new Thing("template", { size: after ? "b" : "a" });
      new Thing("node", { pinVersion: template.revision });
    },
  },
  {
    name: "cascade-by-a-known-value",
    program: (after) => {
      const net = new Thing("net", { size: after ? "10.1.0.0/24" : "10.0.0.0/24" });
      new Thing("node", { pinNet: net.size });
    },
  },
  {
    name: "cascade-stops-at-an-update",
    program: (after) => {
      const net = new Thing("net", { frail: after ? "b" : "a" });
      const node = new Thing("node", { plain: net.ref });
      new Thing("door", { pinNode: node.ref });
    },
  },
  {
    name: "cascade-of-a-request",
    program: () => {
      const net = new Thing("net", { frail: "a" }, { deleteBeforeReplace: true });
      const node = new Thing("node", { pinNet: net.ref });
      new Thing("door", { pinNode: node.ref });
    },
    args: ["--replace", urn("net")],
  },
  {
    name: "cascade-to-one-that-is-gone",
    program: (after) => {
      const net = new Thing("net", { frail: after ? "b" : "a" });
      if (!after) new Thing("node", { pinNet: net.ref });
    },
  },
  {
    name: "cascade-in-components",
    program: (after) => {
      const cluster = new Group("cluster");
      const tier = new Group("tier", cluster);
      const pool = new Group("pool", tier);
      const net = new Thing("net", { frail: after ? "b" : "a" }, { parent: cluster });
      new Thing("node", { pinNet: net.ref }, { parent: pool });
    },
  },
  {
    name: "cascade-of-a-rename",
    program: (after) => {
      const net = new Thing(
        after ? "net-new" : "net-old",
        { frail: after ? "b" : "a" },
        after ? { aliases: [{ name: "net-old" }] } : {},
      );
      new Thing("node", { pinNet: net.ref });
    },
  },
  {
    name: "order-only-dependency",
    program: (after) => {
      const net = new Thing("net", { frail: after ? "b" : "a" });
      new Thing("node", { size: "a" }, { dependsOn: net });
    },
  },
  {
    name: "cascade-of-a-provider",
    program: (after) => {
      const seed = new Thing("seed", { frail: after ? "b" : "a" });
      const provider = new Lab("own", { region: seed.ref });
      new Thing("node", { size: "a" }, { provider });
    },
  },
  {
    name: "replace-with",
    program: (after) => {
      const net = new Thing("net", { pinSubnet: after ? "b" : "a" });
      new Thing("node", { size: "a" }, { replaceWith: [net] });
    },
  },
  {
    name: "replace-with-delete-first-chain",
    program: (after) => {
      const net = new Thing("net", { frail: after ? "b" : "a" });
      const node = new Thing("node", { size: "a" }, { replaceWith: [net] });
      new Thing("door", { pinNode: node.ref });
    },
  },
  {
    name: "deleted-with",
    program: (after) => {
      const net = new Thing("net", { pinSubnet: after ? "b" : "a" });
      new Thing("node", { size: "a" }, { deletedWith: net });
    },
  },
  {
    name: "deleted-with-delete-first",
    program: (after) => {
      const net = new Thing("net", { frail: after ? "b" : "a" });
      new Thing("node", { size: "a" }, { deletedWith: net });
    },
  },
  {
    name: "deleted-with-one-that-is-gone",
    program: (after) => {
      if (after) return;
      const net = new Thing("net", { size: "a" });
      new Thing("node", { size: pulumi.secret("a") }, { deletedWith: net });
    },
  },
];
