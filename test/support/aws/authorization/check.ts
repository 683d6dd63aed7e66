import reference from "../../../fixtures/aws/authorization.json" with { type: "json" };

/*
 * Identity policies against AWS's own Service Authorization Reference (test/fixtures/aws/authorization.json, made by refresh.ts): which actions there are,
 * on which types of resources each can be kept, and which condition keys it knows. A statement that names a resource or a key that
 * its action doesn't know is taken by IAM and never applies, so that no look at the policy alone finds it.
 */

type Condition = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface PolicyText {
  readonly Statement: readonly {
    readonly Sid?: string;
    readonly Effect: "Allow" | "Deny";
    readonly Action: readonly string[];
    readonly Resource?: readonly string[] | string;
    readonly NotResource?: readonly string[];
    readonly Condition?: Condition;
  }[];
}

type Statement = PolicyText["Statement"][number];

interface Service {
  readonly names: readonly string[];
  readonly resources: Readonly<Record<string, { readonly arn: string; readonly keys: readonly string[] }>>;
  readonly actions: Readonly<Record<string, ActionTypes>>;
}

/** By type of resource; "" has the keys that go with no type. */
type ActionTypes = Readonly<Record<string, { readonly required: boolean; readonly keys: readonly string[] }>>;

const services: Readonly<Record<string, Service>> = reference.services;

interface Known {
  readonly types: ActionTypes;
  readonly service: Service;
}

/** What the reference says of an action, or what is wrong with its name. */
function known(action: string): Known | string {
  const [prefix = "", name = ""] = action.split(":");
  const service = services[prefix];
  if (service === undefined) return `${action}: the service "${prefix}" is not in the reference; refresh it`;
  if (!service.names.includes(name)) return `${action}: there is no such action`;
  const types = service.actions[name];
  return types === undefined
    ? `${action}: the reference was refreshed before it was used; refresh it`
    : { types, service };
}

/** The patterns of a statement, also those of what it leaves out. */
function patternsOf({ Resource, NotResource = [] }: Statement): readonly string[] {
  if (Resource === undefined) return NotResource;
  return typeof Resource === "string" ? [Resource] : Resource;
}

const glob = (template: string) => template.replaceAll(/\$\{\w+\}/g, "*");

/** Parts of an ARN; the last may have colons of its own. */
function partsOf(arn: string): string[] {
  const parts = arn.split(":");
  return [...parts.slice(0, 5), parts.slice(5).join(":")];
}

/** Whether some ARN fits both patterns; a wildcard stays within its part, as in IAM. */
export function meet(a: string, b: string): boolean {
  const others = partsOf(b);
  return b === "*" || partsOf(a).every((part, index) => meetInPart(part, others[index] ?? ""));
}

function meetInPart(a: string, b: string): boolean {
  // reachable[j]: the part of a read so far and b's first j characters can be made equal.
  let reachable = Array.from({ length: b.length + 1 }, (_, j) => /^\**$/.test(b.slice(0, j)));
  for (const char of a) {
    const next = [char === "*" && (reachable[0] ?? false)];
    for (let j = 1; j <= b.length; j++) {
      const other = b[j - 1];
      const wild = char === "*" || other === "*";
      next.push(
        wild
          ? reachable[j] || next[j - 1] || reachable[j - 1] || false
          : char === other && (reachable[j - 1] ?? false),
      );
    }
    reachable = next;
  }
  return reachable[b.length] ?? false;
}

/** The action's types of resources that a statement's patterns can mean. */
function typesMeant({ types, service }: Known, patterns: readonly string[]): string[] {
  return Object.keys(types).filter((type) => {
    const arn = service.resources[type]?.arn;
    return arn !== undefined && patterns.some((pattern) => meet(glob(arn), pattern));
  });
}

/** Whether a condition's key is one that the reference has, where a part of it is the caller's. */
const isKey = (key: string, known: string) => meetInPart(key, known.replaceAll(/\$\{\w+\}|<\w+>/g, "*"));

/** Keys of every request (IAM user guide, AWS global condition context keys), but those of tags, which actions must know. */
const isGlobal = (key: string) => /^aws:(?!RequestTag|ResourceTag|TagKeys)/.test(key);

function keysKnown({ types, service }: Known, meant: readonly string[]): string[] {
  return ["", ...meant].flatMap((type) => [
    ...(types[type]?.keys ?? []),
    ...(service.resources[type]?.keys ?? []),
  ]);
}

function checkAction(action: string, statement: Statement): string[] {
  const found = known(action);
  if (typeof found === "string") return [found];
  const patterns = patternsOf(statement);
  const { Condition = {} } = statement;
  const of = Object.keys(found.types).filter((type) => type !== "");
  if (of.length === 0 && !patterns.includes("*"))
    return [`${action}: can't be kept to resources, and is allowed on ${patterns.join(", ")} alone`];
  const meant = typesMeant(found, patterns);
  if (of.length > 0 && meant.length === 0)
    return [`${action}: is about ${of.join(", ")}, and is allowed on ${patterns.join(", ")} alone`];
  const keys = keysKnown(found, meant);
  return Object.values(Condition)
    .flatMap((values) => Object.keys(values))
    .filter((key) => !isGlobal(key) && !keys.some((known) => isKey(key, known)))
    .map((key) => `${action}: knows no condition ${key}`);
}

/** Patterns of a statement that none of its actions can mean. */
function idle(statement: Statement): string[] {
  const { Action } = statement;
  const actions = Action.map(known).filter((found) => typeof found !== "string");
  return patternsOf(statement)
    .filter((pattern) => pattern !== "*" && !actions.some((found) => typesMeant(found, [pattern]).length > 0))
    .map((pattern) => `${pattern}: none of ${Action.join(", ")} is about it`);
}

/** What of policies can never apply, or asks for what doesn't exist; each with its statement. */
export function checkStatements(policies: Readonly<Record<string, PolicyText>>): string[] {
  return Object.entries(policies).flatMap(([name, { Statement: statements }]) =>
    statements.flatMap((statement, index) =>
      [...statement.Action.flatMap((action) => checkAction(action, statement)), ...idle(statement)].map(
        (message) => `${name}.${statement.Sid ?? index}: ${message}`,
      ),
    ),
  );
}

/** Types of one kind: a call about a listener names one of a network, an application or a gateway load balancer. */
const family = (type: string) => type.split("/")[0];

/** Actions that policies allow, but never with all the types of resources that each call must name. */
export function incomplete(policies: readonly PolicyText[]): string[] {
  const allowed = policies.flatMap(({ Statement: statements }) =>
    statements.filter(({ Effect }) => Effect === "Allow"),
  );
  const actions = [...new Set(allowed.flatMap(({ Action }) => Action))];
  return actions.flatMap((action) => {
    const found = known(action);
    if (typeof found === "string") return [];
    const patterns = allowed.filter(({ Action }) => Action.includes(action)).flatMap(patternsOf);
    const meant = typesMeant(found, patterns).map(family);
    return Object.entries(found.types)
      .filter(([type, { required }]) => required && type !== "" && !meant.includes(family(type)))
      .map(([type]) => `${action}: needs ${type} as well`);
  });
}
