import type * as docker from "@pulumi/docker";
import { directNetwork } from "../../plan/tiers/node-network.ts";

/**
 * What a director's container has beyond a balancer's, for a host whose kernel has no IPVS: there it boots user-mode Linux. That
 * traces its own processes (SYS_PTRACE, and a seccomp profile that lets it), and keeps its memory in an executable file.
 */
export const directorRights = {
  capabilities: ["SYS_PTRACE"],
  securityOpts: ["seccomp=unconfined"],
  tmpfs: { "/dev/shm": "rw,exec,nosuid,nodev,size=256m" },
  // The container's own kernel must forward nothing: on the network the guest is the machine.
  sysctls: { "net.ipv4.ip_forward": "0" },
} as const;

/** What makes a machine of the network take packets for the virtual address, and never answer for it (ARP). */
export const directRouting: NonNullable<docker.ContainerArgs["sysctls"]> = { ...directNetwork.sysctls };
