import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { RegionPrices } from "../../../components/plan/platforms/aws/prices.ts";

/*
 * AWS's public offer files, a CSV for each service and region (Price List user guide, Reading the service price list files). EC2's has
 * hundreds of megabytes, so lines are read one by one.
 */

/** Where an offer file of a region is. */
export const offerAddress = (service: string, region: string): string =>
  `https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/${service}/current/${region}/index.csv`;

type Price = Exclude<keyof RegionPrices, "large">;

interface Place {
  readonly service: string;
  /** Of the usage type, after the region's code. */
  readonly usage: RegExp;
  /** Of the operation, where a usage type has several. */
  readonly operation?: string;
}

/** Where each price stands. */
const places: Readonly<Record<Price, Place>> = {
  disk: { service: "AmazonEC2", usage: /^EBS:VolumeUsage\.gp3$/ },
  natHour: { service: "AmazonEC2", usage: /^NatGateway-Hours$/ },
  natGb: { service: "AmazonEC2", usage: /^NatGateway-Bytes$/ },
  balancerHour: { service: "AWSELB", usage: /^LoadBalancerUsage$/, operation: "LoadBalancing:Network" },
  balancerUnit: { service: "AWSELB", usage: /^LCUUsage$/, operation: "LoadBalancing:Network" },
  endpointHour: { service: "AmazonVPC", usage: /^VpcEndpoint-Hours$/, operation: "VpcEndpoint" },
  logGb: { service: "AmazonCloudWatch", usage: /^DataProcessing-Bytes$/, operation: "PutLogEvents" },
  logGbMonth: { service: "AmazonCloudWatch", usage: /^TimedStorage-ByteHrs$/ },
  outGb: { service: "AWSDataTransfer", usage: /^DataTransfer-Out-Bytes$/ },
  zoneGb: { service: "AWSDataTransfer", usage: /^DataTransfer-Regional-Bytes$/ },
};

/** Services whose files have to be read. */
export const offerServices: readonly string[] = [
  ...new Set(Object.values(places).map(({ service }) => service)),
];

type Row = Readonly<Record<string, string>>;

/**
 * The prices that one file has: hours of `large` machines by their family, and single prices.
 *
 * @throws Error for a file without the columns that are read
 */
export async function pricesIn(service: string, csv: Readable): Promise<Partial<RegionPrices>> {
  const found: Partial<Record<Price, number>> = {};
  const large: Record<string, number> = {};
  for await (const row of rows(csv)) {
    const price = Number(row.PricePerUnit);
    // Later tiers are for more than a cluster of this size uses.
    if (row.TermType !== "OnDemand" || !(price > 0) || Number(row.StartingRange || "0") > 0) continue;
    // The code of the region comes first, everywhere but in us-east-1.
    const usage = (row.usageType ?? "").replace(/^[A-Z]{2,4}\d?-/, "");
    for (const [name, place] of Object.entries(places) as [Price, Place][])
      if (
        place.service === service &&
        place.usage.test(usage) &&
        (place.operation === undefined || place.operation === row.operation)
      )
        found[name] ??= price;
    const family = /^BoxUsage:([a-z][a-z0-9-]*)\.large$/.exec(usage)?.[1];
    if (family !== undefined && isPlainLinux(row)) large[family] = price;
  }
  return service === "AmazonEC2" ? { ...found, large } : found;
}

const isPlainLinux = (row: Row) =>
  row["Operating System"] === "Linux" &&
  row.Tenancy === "Shared" &&
  row["Pre Installed S/W"] === "NA" &&
  row.CapacityStatus === "Used";

async function* rows(csv: Readable): AsyncGenerator<Row> {
  let columns: string[] | null = null;
  for await (const line of createInterface({ input: csv, crlfDelay: Number.POSITIVE_INFINITY })) {
    const values = cells(line);
    if (columns !== null) {
      const names = columns;
      yield Object.fromEntries(values.map((value, index) => [names[index] ?? "", value]));
    } else if (values[0] === "SKU") columns = values;
  }
  if (columns === null || !columns.includes("PricePerUnit") || !columns.includes("usageType"))
    throw new Error(
      "the offer file has another shape than AWS documents: no columns SKU, PricePerUnit and usageType",
    );
}

/** The cells of a line of CSV: in quotes, which stand twice inside. */
function cells(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain = ""]) =>
    quoted === undefined ? plain : quoted.replaceAll('""', '"'),
  );
}
