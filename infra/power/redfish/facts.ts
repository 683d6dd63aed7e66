import type { PowerFacts } from "../types.ts";
import type { RedfishClient } from "./client.ts";
import { at, textOf } from "./json.ts";
import { healthOf, type RedfishService, serialsOf } from "./service.ts";

const gibibyte = 1024 ** 3;
const numberOf = (value: unknown) => (typeof value === "number" && Number.isFinite(value) ? value : 0);

/** What a controller tells of its server and of itself. */
export async function factsOf(
  client: RedfishClient,
  service: RedfishService,
  signal?: AbortSignal,
): Promise<PowerFacts> {
  const { body } = await service.system(signal);
  const [manager] = await service.managers(body, signal);
  const own = manager === undefined ? {} : (await client.get(manager, signal)).body;
  return {
    manufacturer: textOf(body.Manufacturer),
    model: textOf(body.Model),
    serials: serialsOf(body),
    firmware: textOf(body.BiosVersion),
    controller: [textOf(own.Model), textOf(own.FirmwareVersion)].filter((text) => text !== "").join(" "),
    cpus: numberOf(at(body, "ProcessorSummary", "Count")),
    memory: Math.round(numberOf(at(body, "MemorySummary", "TotalSystemMemoryGiB")) * gibibyte),
    health: healthOf(body),
  };
}
