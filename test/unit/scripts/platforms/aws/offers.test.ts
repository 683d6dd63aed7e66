import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { offerServices, pricesIn } from "../../../../../scripts/platforms/aws/offers.ts";

/* Lines in the form of AWS's offer files, with the columns that are read. */

const columns =
  '"SKU","OfferTermCode","TermType","PriceDescription","StartingRange","EndingRange","Unit","PricePerUnit","usageType","operation","Operating System","Tenancy","Pre Installed S/W","CapacityStatus"';
const head = [
  '"FormatVersion","v1.0"',
  '"Disclaimer","This pricing list is for ""information"" only"',
  columns,
];
const row = (cells: {
  price: string;
  usage: string;
  operation?: string;
  term?: string;
  from?: string;
  machine?: readonly string[];
}) =>
  [
    "A1",
    "JRTCKXETXF",
    cells.term ?? "OnDemand",
    'a "quoted" text, with a comma',
    cells.from ?? "0",
    "Inf",
    "Hrs",
    cells.price,
    cells.usage,
    cells.operation ?? "",
    ...(cells.machine ?? ["", "", "", ""]),
  ]
    .map((cell) => `"${cell.replaceAll('"', '""')}"`)
    .join(",");
const linux = ["Linux", "Shared", "NA", "Used"];
const read = (service: string, ...lines: string[]) =>
  pricesIn(service, Readable.from([[...head, ...lines].join("\r\n")]));

test("machines on demand with plain Linux, disk and NAT are of EC2's file", async () => {
  const box = (type: string, price: string, more: object = {}) =>
    row({ usage: `EUC1-BoxUsage:${type}`, price, machine: linux, ...more });
  expect(
    await read(
      "AmazonEC2",
      box("m7g.large", "0.0978000000"),
      box("c7i-flex.large", "0.0922"),
      box("m7g.xlarge", "0.1956"),
      box("m7g.large", "0.06", { term: "Reserved" }),
      box("m7g.large", "0.2", { machine: ["Windows", "Shared", "NA", "Used"] }),
      box("m7g.large", "0.11", { machine: ["Linux", "Dedicated", "NA", "Used"] }),
      box("m7g.large", "0.0000000000"),
      row({ usage: "EUC1-EBS:VolumeUsage.gp3", price: "0.0952" }),
      row({ usage: "EUC1-NatGateway-Hours", price: "0.052" }),
      row({ usage: "EUC1-NatGateway-Bytes", price: "0.052" }),
    ),
  ).toEqual({ large: { m7g: 0.0978, "c7i-flex": 0.0922 }, disk: 0.0952, natHour: 0.052, natGb: 0.052 });
});

test("the load balancer's are those of its kind, and us-east-1's have no region before them", async () => {
  const hour = (operation: string, price: string) => row({ usage: "LoadBalancerUsage", operation, price });
  expect(
    await read(
      "AWSELB",
      hour("LoadBalancing:Application", "0.03"),
      hour("LoadBalancing:Network", "0.0225"),
      row({ usage: "LCUUsage", operation: "LoadBalancing:Network", price: "0.006" }),
    ),
  ).toEqual({ balancerHour: 0.0225, balancerUnit: 0.006 });
});

test("of tiers the first counts", async () => {
  const out = (from: string, price: string) => row({ usage: "EUC1-DataTransfer-Out-Bytes", from, price });
  expect(await read("AWSDataTransfer", out("10240", "0.085"), out("0", "0.09"))).toEqual({ outGb: 0.09 });
});

test("every service is asked once, and a file of another shape is refused", async () => {
  expect(offerServices).toEqual(["AmazonEC2", "AWSELB", "AmazonVPC", "AmazonCloudWatch", "AWSDataTransfer"]);
  await expect(pricesIn("AWSELB", Readable.from(["<html>"]))).rejects.toThrow("another shape");
});
