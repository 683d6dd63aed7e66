import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import awsStaging from "../../stacks/aws-staging.ts";
import { Engine } from "../support/aws/engine.ts";

/* The steps by which Pulumi takes over a VPC that is there already, as docs/aws.md has them. */

interface ImportFile {
  readonly resources: readonly {
    readonly type: string;
    readonly component?: boolean;
    readonly id?: string;
  }[];
}

let engine: Engine;
let folder: string;
beforeAll(async () => {
  engine = await Engine.create("aws-staging");
  folder = await mkdtemp(join(tmpdir(), "hotspare-import-"));
});
afterAll(async () => {
  await engine?.remove();
  await rm(folder, { recursive: true, force: true });
});

test("a VPC is taken over and changed in place, and the rest is made in it", async () => {
  const stack = { ...awsStaging, protect: false };
  const file = join(folder, "import.json");
  const provider = "urn:pulumi:aws-staging::hotspare::pulumi:providers:aws::aws";
  const urn = "urn:pulumi:aws-staging::hotspare::hotspare:index:Cluster$aws:ec2/vpc:Vpc::aws-staging-network";
  const type = "aws:ec2/vpc:Vpc";

  await engine.call(stack, "preview", "--import-file", file);
  await engine.call(stack, "up", "--yes", "--skip-preview", "--target", provider);
  // Somebody made it, long ago.
  const { id } = engine.provider.world.create(type, urn, { cidrBlock: awsStaging.network.subnet }).outputs;
  const { resources } = JSON.parse(await readFile(file, "utf8")) as ImportFile;
  const kept = resources
    .filter((resource) => resource.component || resource.type === type)
    .map((resource) => (resource.type === type ? { ...resource, id } : resource));
  await writeFile(file, JSON.stringify({ nameTable: { aws: provider }, resources: kept }));
  await engine.call(stack, "import", "--file", file, "--generate-code=false", "--protect=false", "--yes");

  const up = await engine.up(stack);
  expect(up.errors).toBe("");
  const ofVpc = up.steps.filter((step) => step.urn === urn);
  expect(ofVpc.map(({ op }) => op)).toEqual(["update"]);
  const subnets = engine.provider.world.things.filter(({ token }) => token === "aws:ec2/subnet:Subnet");
  expect(subnets.map(({ inputs }) => inputs.vpcId)).toEqual(Array(4).fill(id));
  expect((await engine.up(stack)).steps).toEqual([]);
}, 240_000);
