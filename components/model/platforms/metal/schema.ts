import { z } from "zod";

const metalHost = z.strictObject({
  key: z.string().describe("Which planned machine this host becomes, e.g. `web-1` or `lb-1`."),
  bmc: z.string().describe("Redfish address of the management controller."),
  address: z.ipv4().describe("Address of the host in the cluster's network."),
});

/** The shape of this platform. */
export const metalSchema = z
  .strictObject({
    kind: z.literal("metal"),
    hosts: z.array(metalHost).min(1).describe("The servers, HP or IBM or any other with Redfish."),
  })
  .describe("Hardware, reached by Redfish (power) and SSH (configuration). Not built yet: refused.");
