import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";

/* The project's sources, as the TypeScript compiler reads them, and the layers that they belong to. */

export const root = join(import.meta.dirname, "../..");

export interface Import {
  readonly specifier: string;
  /** Gone when the program runs. */
  readonly typeOnly: boolean;
}

export interface Source {
  /** Path from the project's root. */
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
}

const folders = ["components", "infra", "scripts", "stacks"];
/** Projects of their own, which have the kit as a package, as users do: they have no layers. */
const projects = join(root, "stacks/examples");
export const sources = folders
  .flatMap((folder) => walk(join(root, folder)))
  .filter((path) => !path.startsWith(projects) || !existsSync(join(dirname(path), "package.json")))
  .map(read);

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
export function target(from: Source, { specifier }: Import): string | null {
  return specifier.startsWith(".") ? relative(root, join(root, dirname(from.path), specifier)) : null;
}

/** `from -> to` for every import between files of the project. */
export function edges(of: readonly Source[], keep: (entry: Import) => boolean = () => true) {
  return of.flatMap((source) =>
    source.imports.filter(keep).flatMap((entry) => {
      const to = target(source, entry);
      return to === null ? [] : [{ from: source.path, to }];
    }),
  );
}

export const layers = [
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
export type Layer = (typeof layers)[number] | "stack" | "runtime" | "power" | "review";

export function layerOf(path: string): Layer {
  const [top, second, third] = path.split("/");
  if (top === "stacks") return "stack";
  if (top === "scripts") return "script";
  if (top === "infra") return second === "runtime" || second === "power" ? second : "infra";
  if (second === "model" || second === "plan" || second === "render" || second === "review") return second;
  if (second !== "platform") return "component";
  if (third === "contract.ts") return "contract";
  if (third === "select.ts") return "select";
  return third === "planned" ? "planned" : "adapter";
}
