import { own } from "../../../components/model/own.ts";
import { metalPlanOf } from "../../../components/plan/platforms/metal/part.ts";
import type { ServerPlan } from "../../../components/plan/platforms/metal/types.ts";
import type { ClusterPlan } from "../../../components/plan/types.ts";
import { virtualAddressOf } from "../../../components/plan/virtual-address.ts";
import { factsOf } from "../../../infra/provider/metal/host.ts";
import type { Check } from "../../toolchain/check.ts";
import { Progress } from "../../toolchain/progress.ts";
import { readyPulumi } from "../../toolchain/ready.ts";
import { controllerCheck, offCheck } from "./controller-checks.ts";
import { type ControllerEntry, controllersEntries } from "./controller-entries.ts";
import { isStandbyServer } from "./look.ts";
import { observedPlan } from "./observed-plan.ts";

/** Milliseconds that a server may take; it waits a second itself for whoever answers at the virtual address. */
const patience = 8_000;
/** Seconds that a clock may be off: more, and certificates, logs and leases of two servers don't fit each other. */
const clockTolerance = 2;
/** What a delivery needs, as the program on the server asks for it. */
const leastFree = 200e6;

export interface Examined {
  readonly name: string;
  readonly facts: Readonly<Record<string, string>>;
  /** Seconds that its clock is ahead of ours. */
  readonly ahead: number;
  /** Milliseconds that it took. */
  readonly took: number;
}

/** What a stack's servers are like, before or after an `up`. Changes nothing. */
export async function examine(stack: string): Promise<Check[]> {
  await readyPulumi(new Progress());
  const plan = await observedPlan(stack);
  const { servers } = metalPlanOf(plan);
  const accounts: Check[] = [];
  const controllers = await controllersEntries(stack, servers).catch((error: Error) => {
    const [detail = "", ...fix] = error.message.split("; ");
    accounts.push({ name: "controllers' accounts", state: "broken", detail, fix: fix.join("; ") });
    return new Map<string, ControllerEntry>();
  });
  const answers = await Promise.all(
    Object.entries(servers).map(([name, server]) =>
      controllers.get(name)?.power === "off" && isStandbyServer(plan, server.machines)
        ? offCheck(name)
        : ask(plan, name, server),
    ),
  );
  const examined = answers.flatMap((answer) => ("facts" in answer ? [answer] : []));
  return [
    ...answers.flatMap((answer) => ("facts" in answer ? serverChecks(plan, answer) : [answer])),
    ...accounts,
    ...Object.entries(servers).flatMap(([name, { bmc }]) => {
      const entry = controllers.get(name);
      return bmc === null || entry === undefined ? [] : [controllerCheck(name, bmc, entry)];
    }),
    addressCheck(plan, examined),
  ];
}

async function ask(plan: ClusterPlan, name: string, server: ServerPlan): Promise<Examined | Check> {
  const begun = Date.now();
  try {
    const facts = await factsOf(
      {
        target: { ...server.ssh, name },
        serial: server.serial,
        timeout: patience,
        signal: AbortSignal.timeout(patience),
      },
      ["examine", server.card, server.address, virtualAddressOf(plan), ...portsOf(plan, server).map(String)],
    );
    const took = Date.now() - begun;
    // The question is the program itself, so the answer is made near the end.
    return { name, facts, took, ahead: Number(facts.time) - Math.floor((begun + Date.now()) / 2000) };
  } catch (error) {
    const [, text = ""] = /^[^:]*: (.*)$/s.exec((error as Error).message) ?? [];
    const [detail = "", ...fix] = (text || (error as Error).message).split("; ");
    return {
      name: `${name}: SSH`,
      state: "broken",
      detail,
      ...(fix.length === 0 ? {} : { fix: fix.join("; ") }),
    };
  }
}

/** Ports of the machines that a server is planned to carry. */
function portsOf({ tier, nodes }: ClusterPlan, { machines }: ServerPlan): number[] {
  const balancer = machines.some((key) => key.startsWith("lb-"));
  return [
    ...(balancer ? [tier.httpPort, ...(tier.tls === null ? [] : [tier.tls.port])] : []),
    ...nodes.filter(({ key }) => machines.includes(key)).map(({ port }) => port),
  ];
}

/** What one server's answer says. */
export function serverChecks(plan: ClusterPlan, { name, facts, ahead, took }: Examined): Check[] {
  const server = own(metalPlanOf(plan).servers, name);
  if (server === undefined) return [];
  const check = (what: string, good: boolean, detail: string, fix: string): Check =>
    good
      ? { name: `${name}: ${what}`, state: "ok", detail }
      : { name: `${name}: ${what}`, state: "broken", detail, fix };
  const [system = "", release = "0"] = (facts.system ?? "").split(" ");
  const needed = server.machines.some((key) => key.startsWith("lb-")) ? 13 : 12;
  const carried = (facts.carries ?? "") !== "";
  const listeners = Object.entries(facts).filter(([fact]) => fact.startsWith("port-"));
  const free = Number(facts.free ?? 0);
  return [
    check("SSH", true, `${server.ssh.user}@${server.ssh.host} as root, its own key, ${took} ms`, ""),
    check(
      "system",
      system === "debian" && Number(release) >= needed,
      `${system} ${release}, Linux ${facts.kernel ?? ""}`,
      `it needs Debian ${needed} for ${server.machines.join(", ")}: upgrade it, or assign them to another server`,
    ),
    check(
      "clock",
      Math.abs(ahead) <= clockTolerance,
      ahead === 0 ? "as here" : `${Math.abs(ahead)} s ${ahead > 0 ? "ahead of" : "behind"} this machine's`,
      "let both follow NTP: `systemctl enable --now systemd-timesyncd`",
    ),
    check(
      "disk",
      free > leastFree,
      `${Math.round(free / 1e6)} MB free in /var`,
      "200 MB are needed: make room in /var",
    ),
    check(
      "address",
      facts.address === "there",
      facts.address === "there"
        ? `${server.address} on ${server.card}`
        : `${server.card} hasn't the address ${server.address}`,
      `correct platform.servers.${name}.address or .interface`,
    ),
    check(
      "ports",
      carried || listeners.length === 0,
      listeners.length === 0
        ? "free"
        : listeners.map(([fact, program]) => `${fact.slice("port-".length)} is ${program}'s`).join(", "),
      "stop that program, or give the stack other ports",
    ),
    check(
      "owner",
      (facts.mark ?? "") === "" || (facts.mark ?? "").startsWith(`${plan.owner} `),
      facts.mark === ""
        ? "nobody's yet"
        : `the stack "${(facts.mark ?? "").split(" ")[1]}" of ${(facts.mark ?? "").split(" ")[0]}`,
      "take that stack down, or name another server",
    ),
  ];
}

/** Whether the virtual address is free, or with one balancer, and all others see it there: so it moves as ARP tells it. */
export function addressCheck(plan: ClusterPlan, examined: readonly Examined[]): Check {
  const name = `virtual address ${virtualAddressOf(plan)}`;
  const holders = examined.filter(({ facts }) => facts.holds === "yes");
  const answering = new Set(
    examined.filter(({ facts }) => facts.holds !== "yes").flatMap(({ facts }) => facts.neighbour || []),
  );
  const [holder] = holders;
  if (holder === undefined)
    return answering.size === 0
      ? { name, state: "ok", detail: "free" }
      : {
          name,
          state: "broken",
          detail: `in use by the machine with the MAC address ${[...answering].join(", ")}`,
          fix: "choose another one in network.virtualAddress, or free it",
        };
  if (holders.length > 1)
    return {
      name,
      state: "broken",
      detail: `${holders.map((one) => one.name).join(" and ")} have it at once`,
      fix: "their VRRP adverts don't reach each other (protocol 112): look at firewalls and switches between them",
    };
  const elsewhere = [...answering].filter((mac) => mac !== holder.facts.mac);
  if (elsewhere.length > 0)
    return {
      name,
      state: "broken",
      detail: `${holder.name} has it, and others reach it at ${elsewhere.join(", ")}`,
      fix: "gratuitous ARP doesn't pass between them, or another machine has the address: ask whoever runs the network",
    };
  return {
    name,
    state: "ok",
    detail: `with ${holder.name}, and the others reach it there${plan.balancers.length > 1 ? "; `drill --only balancer-stopped` moves it" : ""}`,
  };
}
