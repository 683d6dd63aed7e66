import type { Case } from "./cases.ts";
import { Lab, Thing, urn } from "./lab.ts";

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
      new Thing("node", { unhealthy: !after }, { replaceOnChanges: ["#initerror"] });
    },
  },
  {
    name: "init-error-updated",
    program: () => {
      new Thing("node", { unhealthy: true });
    },
  },
];
