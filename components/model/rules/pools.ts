import { algorithmKinds, countsWeights } from "../algorithms.ts";
import { balancerTraits } from "../balancers/select.ts";
import { nodeKeys } from "../node-keys.ts";
import { platformTraits } from "../platforms/select.ts";
import type { Problem } from "../problem.ts";
import type { ClusterSpec, PoolSpec } from "../spec.ts";
import { formatDuration } from "../units.ts";
import { aboutKnownFields } from "../unknown.ts";
import { containerProblems } from "./container.ts";
import type { Rule } from "./rule.ts";

/** A rule about one pool; paths start with the pool's. */
type PoolRule = (pool: PoolSpec, name: string, path: string, spec: ClusterSpec) => Problem[];

/** Prefixes of other machines' keys: a pool of such a name would make keys that mean two things. */
export const reservedNames = ({ directors }: Pick<ClusterSpec, "directors">): readonly string[] => [
  ...["lb", "door", "warden", "filter"],
  ...(directors === null ? [] : ["director"]),
];

/** Of names as well: people would look for other machines by them. */
const nameFree: PoolRule = ({ id }, name, path, spec) =>
  [...new Set([name, id])]
    .filter((word) => reservedNames(spec).includes(word) || /-(hot|cold)$/.test(word))
    .map((word) => ({
      code: "pool.name-reserved",
      path: word === name ? path : `${path}.id`,
      message: `"${word}" is used in the keys of other machines`,
      hint: "choose another name",
    }));

/** Commands take a pool by its name or its id, so each must mean one pool. */
const idUnique: PoolRule = ({ id }, name, path, { pools }) => {
  const others = Object.entries(pools).filter(([other]) => other !== name);
  const [named] = others.find(([other]) => other === id) ?? [];
  const [first] = Object.entries(pools).find(([, pool]) => pool.id === id) ?? [];
  // Of two that meet, the one that was given the id is told.
  if (id === name || (named === undefined && first === name)) return [];
  return [
    {
      code: "pool.id-taken",
      path: `${path}.id`,
      message:
        named === undefined
          ? `"${id}" is the id of pools.${first} already`
          : `"${id}" is the name of another pool`,
      hint: "an id is the name that the pool had when it was made; give it to that pool alone, and call the other one differently",
    },
  ];
};

const weightsKnown: PoolRule = (pool, _, path) =>
  Object.keys(pool.weights).flatMap((key) => {
    const known = nodeKeys(pool);
    if (known.includes(key)) return [];
    return [
      {
        code: "pool.weight-unknown-node",
        path: `${path}.weights.${key}`,
        message: `the pool has no node "${key}"`,
        hint: `use one of [${known.slice(0, 8).join(", ")}${known.length > 8 ? ", …" : ""}]`,
      },
    ];
  });

const algorithmThere: PoolRule = ({ algorithm }, _, path, { balancer }) => {
  const { algorithms } = balancerTraits(balancer.kind);
  return algorithms.includes(algorithm.kind)
    ? []
    : [
        {
          code: "pool.algorithm-not-there",
          path: `${path}.algorithm.kind`,
          message: `balancers of kind "${balancer.kind}" have no algorithm "${algorithm.kind}"`,
          hint: `use one of [${algorithms.map((kind) => JSON.stringify(kind)).join(", ")}]`,
        },
      ];
};

const weightsUsed: PoolRule = (pool, _, path) =>
  Object.keys(pool.weights).length > 0 && !countsWeights(pool.algorithm)
    ? [
        {
          code: "pool.weights-ignored",
          path: `${path}.weights`,
          message: `the algorithm "${pool.algorithm.kind}" ignores weights`,
          hint: `use ${weighted()}, or remove the weights`,
        },
      ]
    : [];

/** The algorithms that weights count for, as a choice. */
function weighted(): string {
  const kinds = algorithmKinds.filter((kind) => countsWeights({ kind })).map((kind) => JSON.stringify(kind));
  return `${kinds.slice(0, -1).join(", ")} or ${kinds.at(-1)}`;
}

const checkFits: PoolRule = ({ health }, _, path) =>
  health.timeout > health.interval
    ? [
        {
          code: "pool.check-overlaps",
          path: `${path}.health.timeout`,
          message: `a check may take ${formatDuration(health.timeout)} but the next starts after ${formatDuration(health.interval)}`,
          hint: "make it at most health.interval",
        },
      ]
    : [];

const tasksThere: PoolRule = (pool, _, path, { platform }) =>
  platformTraits(platform.kind).tasks
    ? []
    : (["beforeRelease", "afterRelease"] as const)
        .filter((part) => pool[part] !== null)
        .map((part) => ({
          code: "pool.task-not-there",
          path: `${path}.${part}`,
          message: `the kit runs no programs of a release on the platform "${platform.kind}" yet`,
          hint: `leave it out, and run the program yourself ${part === "beforeRelease" ? "before" : "after"} \`up\` (a step of your pipeline)`,
        }));

const environmentFits: PoolRule = (pool, _, path) =>
  environmentProblems(pool.environment, path, "set the pool's `port`");

/** What neither a process nor a service's file takes: NUL ends a text, and half a surrogate pair is none. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused.
const controlCharacter = /[\u0000-\u0008\u000b-\u001f\u007f]/;

/** Whether a variable can't have this value. */
export const isUnholdable = (value: string) => controlCharacter.test(value) || /\p{Surrogate}/u.test(value);

/** What is wrong with variables. @param insteadOfPort what to do where somebody sets `PORT` */
export function environmentProblems(
  environment: PoolSpec["environment"],
  path: string,
  insteadOfPort: string,
): Problem[] {
  const reserved = Object.keys(environment)
    .filter((name) => name === "PORT" || name.startsWith("HOTSPARE_"))
    .map((name) => ({
      code: "pool.environment-reserved",
      path: `${path}.environment.${name}`,
      message: "the kit sets this variable itself",
      hint: name === "PORT" ? insteadOfPort : "rename it",
    }));
  const unholdable = Object.entries(environment)
    .filter(([, value]) => typeof value === "string" && isUnholdable(value))
    .map(([name]) => ({
      code: "pool.environment-unholdable",
      path: `${path}.environment.${name}`,
      message: "its value has a character that no environment holds: a control character or half of one",
      hint: "keep to text with tabs and newlines; write other bytes in base64",
    }));
  return [...reserved, ...unholdable];
}

const containerFits: PoolRule = (pool, _, path, spec) => containerProblems(pool, path, spec);

/** Whose checks ask about a part of the server. */
const named: readonly string[] = ["grpc", "dns"];

const serviceAsked: PoolRule = ({ health }, _, path) =>
  health.service !== "" && !named.includes(health.protocol)
    ? [
        {
          code: "pool.health-service-unasked",
          path: `${path}.health.service`,
          message: `"${health.service}" is asked about by gRPC's health protocol and by DNS only`,
          hint: 'set health.protocol to "grpc" or "dns", or remove it',
        },
      ]
    : [];

const eachPool =
  (rule: PoolRule): Rule =>
  (spec) =>
    Object.entries(spec.pools).flatMap(([name, pool]) =>
      aboutKnownFields(() => rule(pool, name, `pools.${name}`, spec)),
    );

export const poolRules: readonly Rule[] = [
  nameFree,
  idUnique,
  weightsKnown,
  algorithmThere,
  weightsUsed,
  checkFits,
  serviceAsked,
  environmentFits,
  tasksThere,
  containerFits,
].map(eachPool);
