/** What we read of a JSON Schema. `what`, `range` and `otherwise` are the model's own. */
export interface SchemaNode {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | SchemaNode;
  readonly items?: SchemaNode;
  readonly oneOf?: readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
  readonly default?: unknown;
  readonly description?: string;
  readonly what?: string;
  readonly range?: string;
  /** What holds when nothing is given, where that follows from something else. */
  readonly otherwise?: string;
}

type Row = readonly [option: string, value: string, fallback: string, meaning: string];

/** A row for each option below a node, nested ones after the one that they belong to. */
export function optionTable(path: string, node: SchemaNode): Row[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, field]) => {
    // The kind of the node itself: said by the heading.
    if (name === "kind" && field.const !== undefined) return [];
    return optionRows(`${path}.${name}`, field, node.required?.includes(name) ?? false);
  });
}

function optionRows(path: string, node: SchemaNode, required: boolean): Row[] {
  if (node.oneOf !== undefined) return kindRows(path, node, node.oneOf);
  if (node.items?.properties !== undefined)
    return [optionRow(path, node, required), ...optionTable(`${path}[]`, node.items)];
  if (node.items?.oneOf !== undefined)
    return [optionRow(path, node, required), ...optionRows(`${path}[]`, node.items, true)];
  const each = node.additionalProperties;
  if (typeof each === "object" && each.properties !== undefined)
    return [optionRow(path, node, required), ...optionTable(`${path}.<name>`, each)];
  const inner = insideOf(node);
  if (inner === undefined) return [optionRow(path, node, required)];
  const rows = optionTable(path, inner);
  return inner === node ? rows : [optionRow(path, node, required), ...rows];
}

/** The object whose fields get rows of their own; undefined for what is a single value. */
function insideOf(node: SchemaNode): SchemaNode | undefined {
  if (node.what !== undefined) return undefined;
  if (node.properties !== undefined) return node;
  return node.anyOf?.find(({ properties, what }) => properties !== undefined && what === undefined);
}

/** A choice by `kind`: one row that explains the kinds, then what only some of them have. */
function kindRows(path: string, node: SchemaNode, kinds: readonly SchemaNode[]): Row[] {
  const name = (kind: SchemaNode) => code(kind.properties?.kind?.const);
  const words = kinds.map((kind) => `${name(kind)}: ${kind.description ?? ""}`);
  const chosen = (node.default as { kind?: unknown } | undefined)?.kind;
  return [
    [
      `\`${path}.kind\``,
      kinds.map(name).join(", "),
      chosen === undefined ? "required" : code(chosen),
      [...(node.description === undefined ? [] : [node.description]), ...words].map(cell).join("<br>"),
    ],
    ...kinds.flatMap((kind) =>
      optionTable(path, kind).map(
        ([option, value, fallback, meaning]): Row => [
          option,
          value,
          fallback,
          `Only ${name(kind)}. ${meaning}`,
        ],
      ),
    ),
  ];
}

/** One option in one row. */
export function optionRow(path: string, node: SchemaNode, required: boolean): Row {
  const none = required ? "required" : (node.otherwise ?? "");
  const fallback = node.default === undefined ? none : showDefault(node.default);
  return [`\`${path}\``, valueWords(node), fallback, cell(node.description ?? "")];
}

function showDefault(value: unknown): string {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  // Nothing given: then the defaults of its fields hold, which have rows of their own.
  return isObject && Object.keys(value).length === 0 ? "" : code(value);
}

/** What may stand there, in words. */
function valueWords(node: SchemaNode): string {
  if (node.what !== undefined) return [node.what, node.range].filter((text) => text !== undefined).join(", ");
  if (node.const !== undefined) return code(node.const);
  if (node.enum !== undefined) return node.enum.map(code).join(", ");
  const either = node.anyOf ?? node.oneOf;
  if (either !== undefined) return [...new Set(either.map(valueWords))].join(" or ");
  if (node.type === "array") return listWords(node.items);
  if (node.type === "object") return objectWords(node);
  return `${typeWords(node)}${rangeWords(node)}`;
}

function listWords(items: SchemaNode | undefined): string {
  const each = items === undefined ? "anything" : valueWords(items);
  return each === "object" ? "list of objects" : `list, each a ${each}`;
}

function objectWords(node: SchemaNode): string {
  if (typeof node.additionalProperties !== "object") return "object";
  const each = valueWords(node.additionalProperties);
  return each === "object" ? "objects by name" : `by name: ${each}`;
}

function typeWords({ type, format }: SchemaNode): string {
  if (format === "cidrv4") return "network such as `10.77.0.0/22`";
  if (format === "ipv4") return "IPv4 address";
  const words: Readonly<Record<string, string>> = {
    integer: "whole number",
    number: "number",
    string: "text",
    boolean: "`true` or `false`",
    null: "`null`",
  };
  return words[type ?? ""] ?? String(type);
}

function rangeWords({ minimum, maximum, minLength, maxLength, format }: SchemaNode): string {
  if (minimum !== undefined && maximum !== undefined) return `, ${minimum} – ${maximum}`;
  if (format !== undefined) return "";
  if (maxLength !== undefined) return `, up to ${maxLength} characters`;
  return minLength !== undefined && minLength > 1 ? `, at least ${minLength} characters` : "";
}

function code(value: unknown): string {
  return `\`${JSON.stringify(value)}\``;
}

/** Text that stays in its cell. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
