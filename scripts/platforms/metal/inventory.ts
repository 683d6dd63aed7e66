import { formatSize } from "../../../components/model/units.ts";
import { metalPlanOf } from "../../../components/plan/platforms/metal/part.ts";
import { factsOf } from "../../../infra/provider/metal/host.ts";
import { currentOwner, specOf } from "../../stacks.ts";
import { table } from "../../text.ts";
import { Progress } from "../../toolchain/progress.ts";
import { readyPulumi } from "../../toolchain/ready.ts";
import { visibleLine } from "../../visible.ts";
import type { Inventory } from "../contract.ts";
import { observedPlan } from "./observed-plan.ts";

const schema = 1;
/** Milliseconds that a server may take to say what it is. */
const patience = 5_000;

export interface ServerEntry {
  readonly server: string;
  /** Null for one that doesn't answer: why is in `silent`. */
  readonly facts: Readonly<Record<string, string>> | null;
  readonly silent: string | null;
  /** By the plan. */
  readonly planned: readonly string[];
  readonly rack: string | null;
  readonly feed: string | null;
  /** As the stack says; null: whichever is there. */
  readonly serial: string | null;
}

/** All servers that a stack lists, by SSH; those without work too. */
export async function inventory(stack: string): Promise<Inventory> {
  await readyPulumi(new Progress());
  const spec = specOf(stack);
  if (spec.platform.kind !== "metal") throw new Error(`${stack} is on ${spec.platform.kind}`);
  const planned = metalPlanOf(await observedPlan(stack)).servers;
  const entries = await Promise.all(
    Object.entries(spec.platform.servers).map(async ([name, server]): Promise<ServerEntry> => {
      const target = { ...server.ssh, name };
      const call = { target, serial: null, timeout: patience, signal: AbortSignal.timeout(patience) };
      const known = {
        server: name,
        planned: planned[name]?.machines ?? [],
        rack: server.rack,
        feed: server.feed,
        serial: server.serial,
      };
      try {
        return { ...known, facts: await factsOf(call), silent: null };
      } catch (error) {
        return { ...known, facts: null, silent: (error as Error).message };
      }
    }),
  );
  return inventoryOf(entries, `${currentOwner()} ${stack}`);
}

/** @param mark of the stack, as servers have it */
export function inventoryOf(entries: readonly ServerEntry[], mark: string): Inventory {
  return {
    document: { schema, servers: entries },
    picture: table([
      [
        "server",
        "model",
        "serial",
        "processors",
        "memory",
        "disks",
        "system",
        "firmware",
        "up for",
        "carries",
      ],
      ...entries.map(rowOf),
    ]),
    findings: entries.flatMap((entry) => findingsOf(entry, mark)),
  };
}

const words = (text: string | undefined) => (text ?? "").split(" ").filter((word) => word !== "");

function rowOf({ server, facts, planned }: ServerEntry): string[] {
  if (facts === null) return [server, "–", "–", "–", "–", "–", "–", "–", "no answer", planned.join(" ")];
  const disks = words(facts.disks).map((disk) => formatSize(Number(disk.split(":")[1] ?? 0)));
  return [
    server,
    [facts.vendor, facts.model].filter((word) => word !== "unknown").join(" ") || "unknown",
    facts.serial ?? "",
    `${facts.cpus ?? "?"} ${facts.architecture ?? ""}`,
    formatSize(Number(facts.memory ?? 0)),
    disks.join(" + ") || "–",
    `${facts.system ?? ""}, Linux ${facts.kernel ?? ""}`,
    facts.firmware || "–",
    since(Number(facts.uptime ?? 0)),
    facts.carries || "nothing",
  ].map(visibleLine);
}

/** `3 d 4 h`, `12 min`. */
function since(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

function findingsOf({ server, facts, silent, planned, serial }: ServerEntry, mark: string): string[] {
  if (facts === null) return [silent ?? `${server}: no answer`];
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
