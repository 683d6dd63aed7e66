import { platformTraits } from "../platforms/select.ts";
import type { Problem } from "../problem.ts";
import type { AccessorySpec, ClusterSpec } from "../spec.ts";
import { aboutKnownFields } from "../unknown.ts";
import { containerProblems } from "./container.ts";
import { environmentProblems, reservedNames } from "./pools.ts";
import type { Rule } from "./rule.ts";

type AccessoryRule = (accessory: AccessorySpec, name: string, path: string, spec: ClusterSpec) => Problem[];

const placeThere: AccessoryRule = (_, __, path, { platform }) =>
  platformTraits(platform.kind).accessories
    ? []
    : [
        {
          code: "accessory.not-there",
          path,
          message: `there are no accessories on the platform "${platform.kind}" yet`,
          hint: "run it beside the cluster (a managed database, a server of your own), and tell the pools its address by `environment`",
        },
      ];

/** Nodes find it by its name, so nothing else may be called so. */
const nameFree: AccessoryRule = (_, name, path, spec) => {
  const taken =
    reservedNames(spec).includes(name) || /-(\d+|all|net|(before|after)-release)$/.test(name)
      ? "is used in the keys of other machines"
      : Object.values(spec.pools).some((pool) => pool.id === name || pool.name === name)
        ? "is the name of a pool"
        : null;
  if (taken === null) return [];
  return [{ code: "accessory.name-taken", path, message: `"${name}" ${taken}`, hint: "choose another name" }];
};

const containerFits: AccessoryRule = (accessory, _, path, spec) => [
  ...containerProblems(accessory, path, spec),
  ...environmentProblems(accessory.environment, path, "leave it out"),
];

const eachAccessory =
  (rule: AccessoryRule): Rule =>
  (spec) =>
    Object.entries(spec.accessories).flatMap(([name, accessory]) =>
      aboutKnownFields(() => rule(accessory, name, `accessories.${name}`, spec)),
    );

export const accessoryRules: readonly Rule[] = [placeThere, nameFree, containerFits].map(eachAccessory);
