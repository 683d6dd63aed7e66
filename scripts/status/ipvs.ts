import type { BalancerStatus, IpvsStatus } from "./balancer-status.ts";

/* The tables of directors. */

/** What balancers or directors say, by key; null for one that doesn't answer. */
export type Asked = readonly (readonly [string, BalancerStatus | null])[];

export type Tables = Readonly<Record<string, IpvsStatus>>;

/** The table of each that tells one; undefined where none does. */
export function ipvsOf(asked: Asked): { readonly ipvs: Tables | undefined } {
  const tables = asked.flatMap(([key, status]): [string, IpvsStatus][] =>
    status?.ipvs === undefined ? [] : [[key, status.ipvs]],
  );
  return { ipvs: tables.length === 0 ? undefined : Object.fromEntries(tables) };
}

/**
 * Where directors would send new connections elsewhere, a sentence each: after a move of the address open ones would then not find their
 * nodes. Who gets nothing new doesn't count: he is in one table as long as he has connections there.
 */
export function tablesDiffer(tables: Tables): string[] {
  const [first, ...others] = Object.entries(tables);
  if (first === undefined) return [];
  const [key, table] = first;
  return others.flatMap(([other, its]) => {
    const [one, two] = [linesOf(table), linesOf(its)];
    const services = [...new Set([...one.keys(), ...two.keys()])].filter((of) => one.get(of) !== two.get(of));
    const told = (lines: ReadonlyMap<string, string>, service: string) => lines.get(service) ?? "not there";
    return services.map(
      (service) =>
        `${key} and ${other} forward ${service} differently (${told(one, service)}; ${told(two, service)})`,
    );
  });
}

/** Each service with who gets new connections. */
function linesOf({ services }: IpvsStatus): Map<string, string> {
  return new Map(
    services.map(({ protocol, port, scheduler, destinations }) => {
      const serving = destinations.filter(({ weight }) => weight > 0);
      const words = serving.map(({ address, weight }) => `${address} weight ${weight}`).sort();
      return [`${protocol}/${port}`, [scheduler, ...words].join(", ")];
    }),
  );
}
