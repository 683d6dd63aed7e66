import * as pulumi from "@pulumi/pulumi";
import type { Case } from "./cases.ts";
import { Group, Thing, Typed } from "./lab.ts";

/** Whose real resource it is changes. */
export const adoption: readonly Case[] = [
  {
    name: "import",
    program: (after) => {
      new Thing("seed", { size: "a" });
      if (after) new Thing("node", { size: "a" }, { import: "outside-1" });
    },
    exists: "outside-1",
  },
  {
    name: "import-that-differs",
    program: (after) => {
      if (after) new Thing("node", { size: "b" }, { import: "outside-1" });
    },
    exists: "outside-1",
  },
  {
    name: "import-over-another",
    program: (after) => {
      new Thing("node", { size: "a" }, after ? { import: "outside-1" } : {});
    },
    exists: "outside-1",
  },
  {
    name: "read",
    program: (after) => {
      new Thing("seed", { size: "a" });
      if (after) Thing.existing("found", "outside-1");
    },
    exists: "outside-1",
  },
  {
    name: "read-instead-of-own",
    program: (after) => {
      if (after) Thing.existing("node", "outside-1");
      else new Thing("node", { size: "a" });
    },
    exists: "outside-1",
  },
  {
    name: "own-instead-of-read",
    program: (after) => {
      if (after) new Thing("node", { size: "a" });
      else Thing.existing("node", "outside-1");
    },
    exists: "outside-1",
  },
  {
    name: "no-longer-read",
    program: (after) => {
      if (!after) Thing.existing("node", "outside-1");
    },
    exists: "outside-1",
  },
];

/** Things made, kept, renamed, ended. */
export const lifecycle: readonly Case[] = [
  {
    name: "first-run",
    fresh: true,
    program: () => {
      const group = new Group("cluster");
      const net = new Thing("net", { size: "a" }, { parent: group });
      new Thing("node", { plain: net.ref }, { parent: group });
    },
  },
  {
    name: "nothing-changes",
    program: () => {
      new Thing("net", { size: "a" }, { parent: new Group("cluster") });
    },
  },
  {
    name: "create-update-delete",
    program: (after) => {
      const group = new Group("cluster");
      new Thing("stays", { size: after ? "b" : "a", list: after ? [1, 2, 3] : [1, 2] }, { parent: group });
      if (after) new Thing("comes", { size: "a" }, { parent: group });
      else new Thing("goes", { size: "a" }, { parent: group });
    },
  },
  {
    name: "alias-rename",
    program: (after) => {
      new Thing(after ? "new" : "old", { size: "a" }, after ? { aliases: [{ name: "old" }] } : {});
    },
  },
  {
    name: "alias-new-parent",
    program: (after) => {
      const group = new Group("cluster");
      const options = after ? { parent: group, aliases: [{ parent: pulumi.rootStackResource }] } : {};
      new Thing("node", { pinSize: after ? "b" : "a" }, options);
    },
  },
  {
    name: "moves-between-components",
    program: (after) => {
      const [one, two] = [new Group("one"), new Group("two")];
      new Thing("node", { pinSize: after ? "b" : "a" }, { parent: after ? two : one });
    },
  },
  {
    name: "retained-delete",
    program: (after) => {
      if (!after) new Thing("node", { size: "a" }, { retainOnDelete: true });
    },
  },
  {
    name: "retained-replace",
    program: (after) => {
      new Thing("node", { pinSize: after ? "b" : "a" }, { retainOnDelete: true });
    },
  },
  {
    name: "protected-delete",
    program: (after) => {
      if (!after) new Thing("node", { size: "a" }, { protect: true });
      new Thing("other", { size: after ? "b" : "a" });
    },
  },
  {
    name: "protected-replace",
    program: (after) => {
      new Thing("node", { pinSize: after ? "b" : "a" }, { protect: true });
    },
  },
  {
    name: "protected-dependent",
    program: (after) => {
      const net = new Thing("net", { frail: after ? "b" : "a" });
      new Thing("node", { pinNet: net.ref }, { protect: true });
    },
  },
  {
    name: "protected-dependent-shown",
    program: (after) => {
      const net = new Thing("net", { frail: after ? "b" : "a" });
      new Thing("node", { pinNet: net.ref }, { protect: true });
    },
    args: ["--ignore-protect"],
  },
  {
    name: "unprotected-and-replaced",
    program: (after) => {
      new Thing("node", { pinSize: after ? "b" : "a" }, { protect: !after });
    },
  },
  {
    name: "holds-data",
    program: (after) => {
      if (!after) new Typed("docker:index/volume:Volume", "volume", { name: "v" });
      new Typed("aws:rds/instance:Instance", "database", { pinEngine: after ? "b" : "a" });
      new Typed("aws:s3/bucket:Bucket", "bucket", { size: after ? "b" : "a" });
    },
  },
];
