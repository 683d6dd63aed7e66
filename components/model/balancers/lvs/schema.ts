import { z } from "zod";
import { port } from "../../schema/common.ts";
import { failover } from "../failover.ts";

/** The shape of this tier. */
export const lvsSchema = z
  .strictObject({
    kind: z.literal("lvs"),
    count: z.int().min(1).max(4).default(2).describe("Directors; one holds the virtual address."),
    forwarding: z.enum(["dr", "nat", "tunnel"]).default("dr").describe("How packets reach the nodes."),
    listen: z
      .strictObject({ tcp: port.default(80).describe("Where the directors take TCP connections.") })
      .prefault({})
      .describe("Port of the virtual address."),
    failover: failover.prefault({}).describe("How the virtual address moves."),
  })
  .describe("Linux Virtual Server: TCP in the kernel. Not built yet: refused.");
