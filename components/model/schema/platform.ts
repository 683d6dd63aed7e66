import { z } from "zod";
import { awsSchema } from "./aws.ts";

const docker = z
  .strictObject({
    kind: z.literal("docker"),
  })
  .describe("Containers on one Docker Engine: the model for development and tests, not high availability.");

const metalHost = z.strictObject({
  key: z.string().describe("Which planned machine this host becomes, e.g. `web-1` or `lb-1`."),
  bmc: z.string().describe("Redfish address of the management controller."),
  address: z.ipv4().describe("Address of the host in the cluster's network."),
});

const metal = z
  .strictObject({
    kind: z.literal("metal"),
    hosts: z.array(metalHost).min(1).describe("The servers, HP or IBM or any other with Redfish."),
  })
  .describe("Hardware, reached by Redfish (power) and SSH (configuration). Not built yet: refused.");

/** Where the cluster runs. */
export const platformSchema = z.discriminatedUnion("kind", [docker, awsSchema, metal]);
