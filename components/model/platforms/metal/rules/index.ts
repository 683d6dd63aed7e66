import type { Rule } from "../../../rules/rule.ts";
import { aboutKnownFields } from "../../../unknown.ts";
import { addressRules } from "./addresses.ts";
import { fenceRules } from "./fence.ts";
import { machineRules } from "./machines.ts";
import type { MetalRule } from "./rule.ts";

const onMetal =
  (rule: MetalRule): Rule =>
  (spec) => {
    const { platform } = spec;
    return platform.kind === "metal" ? aboutKnownFields(() => rule(spec, platform)) : [];
  };

export const metalRules: readonly Rule[] = [...addressRules, ...machineRules, ...fenceRules].map(onMetal);
