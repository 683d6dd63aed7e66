import * as pulumi from "@pulumi/pulumi";
import type { Case } from "./cases.ts";
import { Group, Lab, Thing, urn } from "./lab.ts";

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
    name: "cascade-to-a-rename",
    program: (after) => {
      const net = new Thing("net", { frail: after ? "b" : "a" });
      const options = after ? { aliases: [{ name: "node-old" }] } : {};
      new Thing(after ? "node-new" : "node-old", { pinNet: net.ref }, options);
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
    name: "replace-with-newly-tied",
    program: (after) => {
      const net = new Thing("net", { pinSubnet: after ? "b" : "a" });
      new Thing("node", { size: "a" }, after ? { replaceWith: [net] } : {});
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
