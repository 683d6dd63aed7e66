import { formatSize } from "../../../components/model/units.ts";
import { metalPlanOf } from "../../../components/plan/platforms/metal/part.ts";
import { factsOf } from "../../../infra/provider/metal/host.ts";
import { currentOwner, specOf } from "../../stacks.ts";
import { table } from "../../text.ts";
import { Progress } from "../../toolchain/progress.ts";
import { readyPulumi } from "../../toolchain/ready.ts";
import { visibleLine } from "../../visible.ts";
import type { Inventory } from "../contract.ts";
import { type ControllerEntry, controllersEntries } from "./controller-entries.ts";
import { isStandbyServer } from "./look.ts";
import { observedPlan } from "./observed-plan.ts";

const schema = 2;
/** Milliseconds that a server may take to say what it is. */
const patience = 15_000;

export interface ServerEntry {
  readonly server: string;
  /** Null for one that doesn't answer: why is in `silent`. */
  readonly facts: Readonly<Record<string, string>> | null;
  readonly silent: string | null;
  /** What its management controller tells; null for a server without one. */
  readonly controller: ControllerEntry | null;
  /** By the plan. */
  readonly planned: readonly string[];
  /** Whether that is a cold standby, which may be off. */
  readonly standby: boolean;
  readonly rack: string | null;
  readonly feed: string | null;
  /** As the stack says; null: whichever is there. */
  readonly serial: string | null;
}

/** All servers that a stack lists, by SSH and by their controllers; those without work too. */
export async function inventory(stack: string): Promise<Inventory> {
  await readyPulumi(new Progress());
  const spec = specOf(stack);
  if (spec.platform.kind !== "metal") throw new Error(`${stack} is on ${spec.platform.kind}`);
  const { servers } = spec.platform;
  const plan = await observedPlan(stack);
  const planned = metalPlanOf(plan).servers;
  const controllers = controllersEntries(stack, servers);
  const entries = await Promise.all(
    Object.entries(servers).map(async ([name, server]): Promise<ServerEntry> => {
      const target = { ...server.ssh, name };
      const call = { target, serial: null, timeout: patience, signal: AbortSignal.timeout(patience) };
      const machines = planned[name]?.machines ?? [];
      const asked = await factsOf(call).then(
        (facts) => ({ facts, silent: null }),
        (error: Error) => ({ facts: null, silent: error.message }),
      );
      return {
        server: name,
        ...asked,
        controller: (await controllers).get(name) ?? null,
        planned: machines,
        standby: isStandbyServer(plan, machines),
        rack: server.rack,
        feed: server.feed,
        serial: server.serial,
      };
    }),
  );
  return inventoryOf(entries, `${currentOwner()} ${stack}`);
}

const columns = [
  "server",
  "model",
  "serial",
  "processors",
  "memory",
  "disks",
  "system",
  "firmware",
  "power",
  "health",
  "carries",
];

/** @param mark of the stack, as servers have it */
export function inventoryOf(entries: readonly ServerEntry[], mark: string): Inventory {
  return {
    document: { schema, servers: entries },
    picture: table([columns, ...entries.map(rowOf)]),
    findings: entries.flatMap((entry) => findingsOf(entry, mark)),
  };
}

const words = (text: string | undefined) => (text ?? "").split(" ").filter((word) => word !== "");
const gigabyte = 1024 ** 3;

/** To whole gigabytes where it has some: what a system tells is a little less than what is in the server. */
const about = (bytes: number) =>
  formatSize(bytes < gigabyte ? bytes : Math.round(bytes / gigabyte) * gigabyte);

/** A server with a controller is what that says; a virtual one's system knows no better than a machine id. */
function rowOf({ server, facts, planned, controller }: ServerEntry): string[] {
  const known = controller?.facts ?? null;
  const [serial] = known?.serials ?? [];
  const model = [known?.manufacturer || facts?.vendor, known?.model || facts?.model];
  const bytes = Number(facts?.memory ?? known?.memory ?? 0);
  const processors = facts?.cpus ?? (known === null || known.cpus === 0 ? null : String(known.cpus));
  const disks = words(facts?.disks).map((disk) => about(Number(disk.split(":")[1] ?? 0)));
  return [
    server,
    model.filter((word) => word !== undefined && word !== "unknown").join(" "),
    serial ?? facts?.serial ?? "",
    [processors ?? "", facts?.architecture ?? ""].filter((word) => word !== "").join(" "),
    bytes === 0 ? "" : about(bytes),
    disks.join(" + "),
    facts === null ? "" : `${facts.system ?? ""}, Linux ${facts.kernel ?? ""}`,
    known?.firmware || facts?.firmware || "",
    powerOf(facts, controller),
    known?.health ?? "",
    facts === null ? planned.join(" ") : facts.carries || "nothing",
  ].map((text) => visibleLine(text) || "–");
}

function powerOf(facts: ServerEntry["facts"], controller: ControllerEntry | null): string {
  if (facts !== null) return `on for ${since(Number(facts.uptime ?? 0))}`;
  const power = controller?.power ?? null;
  return power === null ? "no answer" : power === "on" ? "on, no answer" : power;
}

/** `3 d 4 h`, `12 min`. */
function since(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

function findingsOf(entry: ServerEntry, mark: string): string[] {
  return [...factFindings(entry, mark), ...controllerFindings(entry)];
}

/** What is wrong with a server itself, by its controller. */
function controllerFindings({ server, controller, facts }: ServerEntry): string[] {
  if (controller === null) return [];
  if (controller.silent !== null) return [controller.silent];
  const ill = ["warning", "critical"].includes(controller.facts?.health ?? "");
  if (controller.causes.length > 0 && (ill || (facts === null && controller.power !== "off")))
    return [`${server}: its controller says: ${controller.causes.join("; ")}`];
  return ill ? [`${server}: its controller calls it ${controller.facts?.health}`] : [];
}

function factFindings(
  { server, facts, silent, planned, standby, serial, controller }: ServerEntry,
  mark: string,
): string[] {
  if (facts === null) {
    if (controller?.power !== "off") return [silent ?? `${server}: no answer`];
    return standby || planned.length === 0 ? [] : [`${server} is switched off; \`up\` switches it on`];
  }
  const there = words(facts.carries);
  const missing = planned.filter((key) => !there.includes(key));
  const others = there.filter((key) => !planned.includes(key));
  return [
    ...(serial === null || serial === facts.serial
      ? []
      : [
          `${server}: it is the server ${facts.serial}, and the stack says ${serial}; nothing is written to it`,
        ]),
    ...(facts.mark === "" || facts.mark === mark
      ? []
      : [
          `${server}: it is marked as the stack "${words(facts.mark)[1]}" of the owner ${words(facts.mark)[0]}`,
        ]),
    ...(missing.length === 0
      ? []
      : [`${server}: ${missing.join(", ")} planned and not there; \`up\` brings it`]),
    ...(others.length === 0 || facts.mark !== mark
      ? []
      : [`${server}: ${others.join(", ")} there and planned no more; \`up\` removes it`]),
  ];
}
