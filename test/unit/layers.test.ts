import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  edges,
  type Import,
  type Layer,
  layerOf,
  layers,
  root,
  type Source,
  sources,
} from "../support/sources.ts";

/*
 * The layers: `model <- plan <- render <- platform/planned <- platform/<kind> <- components/*.ts <- infra <- scripts`; stacks
 * are data and know the model only; a review compares plans and stands beside the components; what runs on the machines knows
 * model and plan. Read from the sources by the TypeScript compiler.
 */

/** The package of an import; null for files of the project. */
function packageOf({ specifier }: Import): string | null {
  if (specifier.startsWith(".")) return null;
  if (specifier.startsWith("node:")) return "node";
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

const upTo = (layer: (typeof layers)[number]): Layer[] => layers.slice(0, layers.indexOf(layer) + 1);
const allowed: Readonly<Record<Layer, readonly Layer[]>> = {
  ...(Object.fromEntries(layers.map((layer) => [layer, upTo(layer)])) as Record<
    (typeof layers)[number],
    Layer[]
  >),
  stack: ["stack", "model"],
  // Between those who switch servers, the provider, the commands and what runs beside the balancers; it knows none of them.
  power: ["power", "model", "plan"],
  runtime: ["runtime", "power", "model", "plan"],
  // Beside the components, which it doesn't know: it compares plans and needs no engine.
  review: [...upTo("render"), "review"],
  infra: [...upTo("infra"), "stack", "power"],
  // A command and what it runs on a machine share the words that they exchange.
  script: [...layers, "stack", "runtime", "power", "review"],
};

const within = (...of: Layer[]) => sources.filter(({ path }) => of.includes(layerOf(path)));

const packages = (of: readonly Source[]) =>
  [...new Set(of.flatMap(({ imports }) => imports.flatMap((entry) => packageOf(entry) ?? [])))].sort();

test("every relative import leads to a file", () => {
  expect(edges(sources).filter(({ to }) => !existsSync(join(root, to)))).toEqual([]);
});

test("every layer has files, so that no rule below is about nothing", () => {
  const found = new Set(sources.map(({ path }) => layerOf(path)));
  expect(Object.keys(allowed).filter((layer) => layer !== "runtime" && !found.has(layer as Layer))).toEqual(
    [],
  );
});

test("a file imports from its own layer and those below it", () => {
  const upwards = edges(sources).filter(({ from, to }) => !allowed[layerOf(from)].includes(layerOf(to)));
  expect(upwards).toEqual([]);
});

test("verbs name no platform, and platforms know no verb", () => {
  const scripts = edges(within("script"));
  const kinds = /^scripts\/platforms\/[^/]+\//;
  expect(scripts.filter(({ from, to }) => from.startsWith("scripts/verbs/") && kinds.test(to))).toEqual([]);
  const callers = scripts.filter(({ to }) => to.startsWith("scripts/verbs/")).map(({ from }) => from);
  expect(
    callers.filter((from) => from !== "scripts/command-line.ts" && !from.startsWith("scripts/verbs/")),
  ).toEqual([]);
  // The exception is a tier of this repository's own tests.
  const named = within("script").filter(
    ({ path }) =>
      path.startsWith("scripts/verbs/") &&
      path !== "scripts/verbs/test.ts" &&
      /"(docker|aws|metal|memory)"/.test(readFileSync(join(root, path), "utf8")),
  );
  expect(named.map(({ path }) => path)).toEqual([]);
});

test("only select.ts knows every platform of the commands and of the program; no platform knows another", () => {
  const kind = (path: string) =>
    /^(scripts\/platforms|infra\/grounds)\/(?:([a-z]+)\/|(memory)\.ts)/.exec(path);
  const beyond = edges(sources).filter(({ from, to }) => {
    const [mine, theirs] = [kind(from), kind(to)];
    if (theirs === null || /^(scripts\/platforms|infra\/grounds)\/select\.ts$/.test(from)) return false;
    return mine !== null && (mine[2] ?? mine[3]) !== (theirs[2] ?? theirs[3]);
  });
  expect(beyond).toEqual([]);
});

test("adapters never import each other", () => {
  const folder = (path: string) => path.split("/")[2];
  const across = edges(within("adapter")).filter(
    ({ from, to }) => layerOf(to) === "adapter" && folder(from) !== folder(to),
  );
  expect(across).toEqual([]);
});

describe("packages", () => {
  test.each([
    ["model", ["zod"]],
    ["plan", []],
    ["render", []],
    ["contract", ["@pulumi/pulumi"]],
    ["stack", []],
    ["component", ["@pulumi/pulumi"]],
    ["planned", ["@pulumi/pulumi", "node", "zod"]],
  ] as const)("the %s layer needs %j and nothing else", (layer, names) => {
    expect(packages(within(layer))).toEqual(names);
  });

  test("what runs on the machines needs nothing of Pulumi", () => {
    expect(packages(within("runtime", "power")).filter((name) => name.startsWith("@pulumi/"))).toEqual([]);
  });

  test("no adapter but Docker's needs a Docker package", () => {
    const others = within("adapter").filter(({ path }) => !path.startsWith("components/platform/docker/"));
    expect(packages(others).filter((name) => name.includes("docker"))).toEqual([]);
  });

  test("no file imports a Node module without its prefix", () => {
    const bare = sources.flatMap(({ path, imports }) =>
      imports
        .filter(({ specifier }) => ["fs", "path", "os", "crypto", "url"].includes(specifier))
        .map(() => path),
    );
    expect(bare).toEqual([]);
  });
});

/** Files that import themselves by way of others, imports of types included: whoever reads one has to know them all. */
function cycles(): string[] {
  const graph = new Map<string, Set<string>>();
  for (const { from, to } of edges(sources)) graph.set(from, (graph.get(from) ?? new Set()).add(to));
  const reached = (start: string) => {
    const [seen, open] = [new Set<string>(), [...(graph.get(start) ?? [])]];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(...(graph.get(next) ?? []));
    }
    return seen;
  };
  return [...graph.keys()].filter((path) => reached(path).has(path)).sort();
}

test("no file imports itself by way of others", () => {
  expect(cycles()).toEqual([]);
});

test("no source is longer than 300 lines", () => {
  expect(sources.filter(({ lines }) => lines > 300).map(({ path, lines }) => `${path}: ${lines}`)).toEqual(
    [],
  );
});
