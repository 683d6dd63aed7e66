import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";

/*
 * The layers: `model <- plan <- render <- platform/planned <- platform/<kind> <- components/*.ts <- infra <- scripts`; stacks
 * are data and know the model only; a review compares plans and stands beside the components; what runs on the machines knows
 * model and plan. Read from the sources by the TypeScript compiler.
 */

const root = join(import.meta.dirname, "../..");

interface Import {
  readonly specifier: string;
  /** Gone when the program runs. */
  readonly typeOnly: boolean;
}

interface Source {
  /** Path from the project's root. */
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
}

const folders = ["components", "infra", "scripts", "stacks"];
const sources = folders.flatMap((folder) => walk(join(root, folder))).map(read);

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== "node_modules")
    .flatMap((entry) => (entry.isDirectory() ? walk(join(folder, entry.name)) : [join(folder, entry.name)]))
    .filter((path) => /\.(ts|mjs)$/.test(path));
}

function read(path: string): Source {
  const text = readFileSync(path, "utf8");
  // `preProcessFile` sees every kind of import, dynamic ones too; the syntax tree tells which are of types alone.
  const types = typeOnlyImports(path, text);
  const imports = ts
    .preProcessFile(text)
    .importedFiles.map(({ fileName }) => ({ specifier: fileName, typeOnly: types.has(fileName) }));
  return { path: relative(root, path), lines: text.trimEnd().split("\n").length, imports };
}

function typeOnlyImports(path: string, text: string): Set<string> {
  const [types, values] = [new Set<string>(), new Set<string>()];
  for (const statement of ts.createSourceFile(path, text, ts.ScriptTarget.Latest).statements) {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue;
    if (statement.moduleSpecifier === undefined || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const isType = ts.isImportDeclaration(statement)
      ? statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
      : statement.isTypeOnly;
    (isType ? types : values).add(statement.moduleSpecifier.text);
  }
  return new Set([...types].filter((specifier) => !values.has(specifier)));
}

/** The project's file that an import means; null for packages and Node's own modules. */
function target(from: Source, { specifier }: Import): string | null {
  return specifier.startsWith(".") ? relative(root, join(root, dirname(from.path), specifier)) : null;
}

/** The package of an import; null for files of the project. */
function packageOf({ specifier }: Import): string | null {
  if (specifier.startsWith(".")) return null;
  if (specifier.startsWith("node:")) return "node";
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

const layers = [
  "model",
  "plan",
  "render",
  "contract",
  "planned",
  "adapter",
  "select",
  "component",
  "infra",
  "script",
] as const;
type Layer = (typeof layers)[number] | "stack" | "runtime" | "review";

function layerOf(path: string): Layer {
  const [top, second, third] = path.split("/");
  if (top === "stacks") return "stack";
  if (top === "scripts") return "script";
  if (top === "infra") return second === "runtime" ? "runtime" : "infra";
  if (second === "model" || second === "plan" || second === "render" || second === "review") return second;
  if (second !== "platform") return "component";
  if (third === "contract.ts") return "contract";
  if (third === "select.ts") return "select";
  return third === "planned" ? "planned" : "adapter";
}

const upTo = (layer: (typeof layers)[number]): Layer[] => layers.slice(0, layers.indexOf(layer) + 1);
const allowed: Readonly<Record<Layer, readonly Layer[]>> = {
  ...(Object.fromEntries(layers.map((layer) => [layer, upTo(layer)])) as Record<
    (typeof layers)[number],
    Layer[]
  >),
  stack: ["stack", "model"],
  runtime: ["runtime", "model", "plan"],
  // Beside the components, which it doesn't know: it compares plans and needs no engine.
  review: [...upTo("render"), "review"],
  infra: [...upTo("infra"), "stack"],
  // A command and what it runs on a machine share the words that they exchange.
  script: [...layers, "stack", "runtime", "review"],
};

const within = (...of: Layer[]) => sources.filter(({ path }) => of.includes(layerOf(path)));

/** `from -> to` for every import between files of the project. */
function edges(of: readonly Source[], keep: (entry: Import) => boolean = () => true) {
  return of.flatMap((source) =>
    source.imports.filter(keep).flatMap((entry) => {
      const to = target(source, entry);
      return to === null ? [] : [{ from: source.path, to }];
    }),
  );
}

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
    expect(packages(within("runtime")).filter((name) => name.startsWith("@pulumi/"))).toEqual([]);
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

/** Cycles by the imports that are there when the program runs. */
function cycles(): string[] {
  const graph = new Map<string, string[]>();
  for (const { from, to } of edges(sources, ({ typeOnly }) => !typeOnly))
    graph.set(from, [...(graph.get(from) ?? []), to]);
  const reaches = (start: string, goal: string, seen = new Set<string>()): boolean =>
    (graph.get(start) ?? []).some(
      (next) => next === goal || (!seen.has(next) && reaches(next, goal, seen.add(next))),
    );
  return [...graph.keys()].filter((path) => reaches(path, path)).sort();
}

test("no file imports itself by way of others", () => {
  expect(cycles()).toEqual([]);
});

test("no source is longer than 300 lines", () => {
  expect(sources.filter(({ lines }) => lines > 300).map(({ path, lines }) => `${path}: ${lines}`)).toEqual(
    [],
  );
});
