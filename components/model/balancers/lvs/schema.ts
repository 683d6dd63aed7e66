import { z } from "zod";
import { duration, port, size } from "../../schema/common.ts";
import { failover } from "../failover.ts";

/** Schedulers of the kernel's IPVS (ipvsadm(8)), and whose algorithm a service takes instead. */
const scheduler = z
  .enum(["mh", "algorithm", "rr", "wrr", "lc", "wlc", "sh", "sed", "nq", "lblc"])
  .default("mh")
  .describe(
    "How connections are shared (ipvsadm(8)). `mh` hashes a client's address and port, by weight: a director that takes over sends every open connection where it was. `algorithm` takes the pool's.",
  );

const service = z
  .strictObject({
    port: port.describe("Port of the virtual address, and of the pool's nodes: direct routing changes none."),
    protocol: z.enum(["tcp", "udp"]).default("tcp").describe("What is forwarded."),
    pool: z.string().describe("Name of the pool that answers."),
    scheduler,
    persistence: duration("1 s", "24 h")
      .nullable()
      .prefault(null)
      .describe(
        "How long a client's further connections go where its last one went; `null` for none. UDP has no connections: without it each client port is one of its own.",
      ),
    door: z
      .union([z.literal("auto"), port])
      .default("auto")
      .describe("Docker only: port of the service on 127.0.0.1 of the Docker host. `auto` derives one."),
  })
  .describe("A port that clients use.");

/** The shape of this tier. */
export const lvsSchema = z
  .strictObject({
    kind: z.literal("lvs"),
    count: z
      .int()
      .min(1)
      .max(4)
      .default(2)
      .describe("Directors; one holds the virtual address, the others stand by."),
    services: z.array(service).default([]).describe("What clients reach at the virtual address."),
    forwarding: z
      .enum(["dr", "nat", "tunnel"])
      .default("dr")
      .describe(
        "How packets reach the nodes. `dr`: by their MAC address, and nodes answer clients themselves. The others are not built yet: refused.",
      ),
    failover: failover.prefault({}).describe("How the virtual address moves."),
    cpus: z.number().min(0.1).max(64).default(1).describe("CPU limit of a director, in cores."),
    memory: size("384 MB", "64 GB")
      .prefault("448 MB")
      .describe("Memory limit of a director; of it 160 MB are its guest kernel's, where it needs one."),
  })
  .describe(
    "Linux Virtual Server: TCP and UDP in the kernel (IPVS) and keepalived; connections are not read.",
  );
