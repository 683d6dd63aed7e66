import type { MachineStatus } from "./machine-status.ts";

/** One sentence for each machine that isn't as planned. @param holder key of the balancer that has the virtual address */
export function findingsOf(machines: readonly MachineStatus[], holder: string | null): string[] {
  const findings = machines.flatMap((machine) => {
    if (machine.state === "absent") return [`${machine.key} is not there`];
    if (machine.role === "scheduled")
      return machine.running || (machine.exitCode ?? 0) === 0 || machine.state === "created"
        ? []
        : [`the last run of ${machine.key} ended with exit code ${machine.exitCode}`];
    if (["worker", "singleton"].includes(machine.role) && machine.healthy === false)
      return [`${machine.key} runs, but its own check fails`];
    if (machine.role === "singleton") return [];
    if (machine.role !== "cold" && !machine.running)
      return [
        `${machine.key} does not run (${machine.state}${machine.exitCode === null ? "" : `, exit code ${machine.exitCode}`})`,
      ];
    if (machine.startingFor !== null)
      return [`${machine.key} has been starting for ${Math.round(machine.startingFor / 1000)} s`];
    if (machine.role !== "cold" && machine.healthy === false)
      return [`${machine.key} runs but does not answer its checks`];
    if (["active", "hot"].includes(machine.role) && machine.healthy === null)
      return [`${machine.key} has not answered its checks yet`];
    return [];
  });
  findings.push(...notOneOf(machines));
  return holder === null ? [...findings, "no balancer holds the virtual address"] : findings;
}

/** Singletons of which none runs, or more than one. */
function notOneOf(machines: readonly MachineStatus[]): string[] {
  const groups = Map.groupBy(
    machines.filter(({ role, state }) => role === "singleton" && state !== "absent"),
    ({ key }) => key.replace(/-\d+$/, ""),
  );
  return [...groups].flatMap(([name, members]) => {
    const running = members.filter(({ running }) => running).map(({ key }) => key);
    if (running.length === 0)
      return [`nobody of ${name} runs (${members.map(({ key, state }) => `${key} ${state}`).join(", ")})`];
    return running.length === 1 ? [] : [`${running.join(" and ")} run, where one of ${name} should`];
  });
}

/** What balancers have in another form than planned. */
export function strayedFrom(strayed: Iterable<readonly [string, readonly string[]]>): string[] {
  return [...strayed].flatMap(([key, what]) =>
    what.map((difference) => `${key}: ${difference}; \`up\` delivers it again`),
  );
}
