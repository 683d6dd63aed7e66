import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { type Layer, layerOf, root, type Source, sources, target } from "../support/sources.ts";

/*
 * A kind of platform or of balancer is one folder a layer, and one line in that layer's `select.ts` and in the union of what a stack
 * or a plan says. Everybody else asks traits, planners and contracts. Counted here: the kinds' names as strings, in names of things
 * (`onAws`, `dockerPlatform`), and imports from their folders.
 */

const kinds = ["aws", "docker", "lvs", "memory", "metal", "nginx"] as const;
type Kind = (typeof kinds)[number];

/** A file of a kind's own, in whichever layer. */
const isOf = (path: string, kind: Kind) => new RegExp(`(^|/)${kind}(/|\\.(ts|mjs)$)`).test(path);

/** Where each kind has its line. */
const lines = [
  /(^|\/)select\.ts$/,
  /^components\/model\/(platforms|balancers)\/schema\.ts$/,
  /^components\/plan\/(platforms|tiers)\/types\.ts$/,
];

/** Files that may name kinds for good, each with its reason. */
const exceptions: Readonly<Record<string, string>> = {
  "components/index.ts": "what the library offers by name",
  "components/model/spec.ts": "the types of what a stack says, a name a kind",
  "components/render/aws/balancer.ts": "what runs on the balancers' machines there, nginx so far",
  "components/render/aws/firewall.ts":
    "the firewall of those machines, which counts connections as nginx does",
  "components/render/keepalived/index.ts": "the program whose health keepalived asks for",
  "components/render/lvs/control.ts":
    "a director's control program, which is nginx with the Lua of that tier",
  "components/render/metal/balancer.ts": "what runs on the balancers' servers there, nginx so far",
  "scripts/drill/tiers/lvs/index.ts": "the program that a drill kills: a director's control program is nginx",
  "scripts/review/confine/handing.ts": "the follower, which is built for code that may not build it itself",
  "infra/provider/metal/images.ts": "images that are sent to servers are in the engine that built them here",
  "scripts/lab/controllers.ts": "emulated servers' controllers are a container, and switch containers",
  "scripts/lab/lab.ts": "emulated servers are containers",
  "scripts/docs/problem-examples.ts": "examples of stacks, for each message one that gets it",
  "scripts/platforms/docker/rivals/configs.ts": "balancers made by hand, which are other programs",
  "scripts/platforms/docker/rivals/index.ts": "balancers made by hand, which are other programs",
  "scripts/verbs/test.ts": "a tier of this repository's own tests",
};

/** What is no layer's: programs that run on machines, and those that the kit fetches or builds, which have names of their own. */
const beside = /^(infra\/runtime\/|scripts\/toolchain\/)/;

/** How a source names kinds that it is not of. */
function namesIn(source: Source): string[] {
  const { path } = source;
  const others = kinds.filter((kind) => !isOf(path, kind));
  const imported = source.imports.flatMap((entry) => {
    const to = target(source, entry);
    return others.filter((kind) => to !== null && isOf(to, kind)).map((kind) => `${kind}: import of ${to}`);
  });
  return [...new Set([...imported, ...wordsIn(readFileSync(join(root, path), "utf8"), others)])];
}

function wordsIn(text: string, others: readonly Kind[]): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) && !isSpecifier(node)) {
      const kind = others.find((name) => name === node.text);
      if (kind !== undefined && (isAsked(node) || !ambiguous.has(kind))) found.push(`${kind}: "${kind}"`);
    }
    if (ts.isIdentifier(node)) {
      const kind = kindIn(node.text);
      if (kind !== null && others.includes(kind)) found.push(`${kind}: ${node.text}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("source.ts", text, ts.ScriptTarget.Latest, true));
  return found;
}

/** Words that mean something else as well: how much memory a machine has, and whether an instance is bare metal. */
const ambiguous: ReadonlySet<Kind> = new Set<Kind>(["memory", "metal"]);

/** `onAws`, `dockerPlatform`, `aws`; not `Docker` in the name of another thing such as `Dockerfile`, and no ambiguous word alone. */
function kindIn(name: string): Kind | null {
  const inside = /(?:^|[a-z])(Aws|Docker|Lvs|Metal|Nginx)(?![a-z])/.exec(name)?.[1];
  const first = /^(aws|docker|lvs|nginx)(?![a-z])/.exec(name)?.[1];
  return ((inside ?? first)?.toLowerCase() as Kind | undefined) ?? null;
}

const isSpecifier = (node: ts.Node) =>
  ts.isImportDeclaration(node.parent) || ts.isExportDeclaration(node.parent);

/** Whether a text is compared with what a kind is, or made one. */
function isAsked({ parent }: ts.Node): boolean {
  if (ts.isCaseClause(parent)) return true;
  if (ts.isPropertyAssignment(parent)) return parent.name.getText() === "kind";
  return ts.isBinaryExpression(parent) && /kind/i.test(parent.getText());
}

function counted(): Partial<Record<Layer, Record<string, string[]>>> {
  const found: Partial<Record<Layer, Record<string, string[]>>> = {};
  for (const source of sources) {
    const { path } = source;
    if (lines.some((pattern) => pattern.test(path)) || beside.test(path)) continue;
    if (layerOf(path) === "stack" || path in exceptions) continue;
    const names = namesIn(source);
    if (names.length > 0) found[layerOf(path)] = { ...found[layerOf(path)], [path]: names };
  }
  return found;
}

test("nobody but its own folders and the lines of the kinds names a kind, in any layer", () => {
  expect(counted()).toEqual({});
});

test("every exception is needed", () => {
  const needless = Object.keys(exceptions).filter((path) => {
    const source = sources.find((candidate) => candidate.path === path);
    return source === undefined || namesIn(source).length === 0;
  });
  expect(needless).toEqual([]);
});

describe("a name is found", () => {
  test.each([
    ['if (plan.platform.kind === "aws") go();', ["aws"], ['aws: "aws"']],
    ["const x = onAws(plan);", ["aws"], ["aws: onAws"]],
    ["dockerPlatform();", ["docker"], ["docker: dockerPlatform"]],
    ['switch (kind) { case "memory": break; }', ["memory"], ['memory: "memory"']],
    ['const balancer = { kind: "nginx" };', ["nginx"], ['nginx: "nginx"']],
  ] as const)("%s", (text, others, names) => {
    expect(wordsIn(text, others)).toEqual(names);
  });

  test.each(['fields.has("memory");', "machine.metal;", 'import x from "aws";', "Dockerfile;"])(
    "and not in %s",
    (text) => {
      expect(wordsIn(text, kinds)).toEqual([]);
    },
  );
});
