import { nearest } from "../../../nearest.ts";
import { own } from "../../../own.ts";
import type { Problem } from "../../../problem.ts";
import { placedMachines, placement } from "../placement.ts";
import type { MetalRule } from "./rule.ts";

/* Pools whose lost nodes lose their power before a standby takes their place. */

/** What is fenced is a pool with cold standbys, that wardens start, and without hot ones, that nobody has to start. */
const fencedPools: MetalRule = (spec, { fence }) =>
  fence.flatMap((name, index): Problem[] => {
    const problem = (message: string, hint: string): Problem[] => [
      { code: "metal.fence-pool", path: `platform.fence[${index}]`, message, hint },
    ];
    const pool = own(spec.pools, name);
    if (pool === undefined) {
      const known = Object.keys(spec.pools);
      const meant = nearest(name, known);
      const hint =
        meant === null ? `use one of [${known.slice(0, 12).join(", ")}]` : `did you mean "${meant}"?`;
      return problem(`there is no pool "${name}"`, hint);
    }
    if (pool.standby.hot > 0)
      return problem(
        `${name} has hot standbys, and balancers let these serve by themselves as soon as no active node does, whether that has lost its power or not`,
        "use cold standbys alone",
      );
    if (pool.standby.cold === 0)
      return problem(
        `${name} has no cold standby, so nobody takes a lost node's place`,
        "give it one, or leave it out",
      );
    if (!spec.warden.enabled)
      return problem("there are no wardens, and nobody else cuts a lost node's power", "switch wardens on");
    return [];
  });

/** A fence cuts the power of a whole server. */
const fencedServers: MetalRule = (spec, platform) => {
  const placed = placement(spec, platform);
  const all = placedMachines(spec);
  return platform.fence.flatMap((name, index): Problem[] => {
    const pool = own(spec.pools, name);
    if (pool === undefined) return [];
    return all
      .filter(({ group, slot, alone }) => slot === "node" && !alone && group === pool.id)
      .flatMap(({ key }): Problem[] => {
        const server = placed.get(key);
        if (server === undefined) return [];
        const beside = all.find((other) => other.key !== key && placed.get(other.key) === server);
        const controlled = (own(platform.servers, server)?.bmc ?? null) !== null;
        if (controlled && beside === undefined) return [];
        return [
          {
            code: "metal.fence-server",
            path: `platform.fence[${index}]`,
            message: controlled
              ? `${key} stands on ${server}, which carries ${beside?.key} as well: that would lose its power too`
              : `${key} stands on ${server}, which has no bmc that could cut its power`,
            hint: "assign it to a server with a bmc that carries nothing else, or add one",
          },
        ];
      });
  });
};

export const fenceRules: readonly MetalRule[] = [fencedPools, fencedServers];
