import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import table from "../../../components/plan/platforms/aws/prices.json" with { type: "json" };
import type { RegionPrices } from "../../../components/plan/platforms/aws/prices.ts";
import { offerAddress, offerServices, pricesIn } from "./offers.ts";

/*
 * `node scripts/platforms/aws/refresh-prices.ts [region…]`: makes components/plan/platforms/aws/prices.json of AWS's public offer files, for the
 * regions that it has, and for more where they are named. Needs the internet and no account. Families that it had are kept up to date;
 * a region that is new gets all that AWS sells there. What costs the same everywhere is in no such file, and stays as it is.
 */

const target = join(import.meta.dirname, "../../../components/plan/platforms/aws/prices.json");
const known: Readonly<Record<string, RegionPrices>> = table.regions;

async function pricesOf(region: string): Promise<RegionPrices> {
  let all: Partial<RegionPrices> = {};
  for (const service of offerServices) {
    const address = offerAddress(service, region);
    const answer = await fetch(address);
    if (!answer.ok || answer.body === null) throw new Error(`${address} answers ${answer.status}`);
    all = { ...all, ...(await pricesIn(service, Readable.fromWeb(answer.body as ReadableStream))) };
  }
  const before = known[region];
  const families = Object.entries(all.large ?? {}).filter(
    ([family]) => before === undefined || family in before.large,
  );
  const large = Object.fromEntries(families.sort(([a], [b]) => (a < b ? -1 : 1)));
  return { ...before, ...all, large } as RegionPrices;
}

const regions: Record<string, RegionPrices> = {};
for (const region of [...new Set([...Object.keys(known), ...process.argv.slice(2)])])
  regions[region] = await pricesOf(region);
const date = new Date().toISOString().slice(0, 7);
const source =
  "AWS's public offer files (pricing.us-east-1.amazonaws.com); what is the same everywhere by hand";
writeFileSync(target, `${JSON.stringify({ ...table, date, source, regions }, null, 2)}\n`);
