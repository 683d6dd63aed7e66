import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";
import type Docker from "dockerode";
import { expect, onTestFinished, test } from "vitest";
import type { DoorPlan } from "../../../../../components/plan/types.ts";
import { checkHost } from "../../../../../scripts/platforms/docker/host-check.ts";
import { planAny } from "../../../../support/plan-any.ts";
import { small } from "../../../../support/small.ts";

/* Ports of the door that another program of this machine has. */

const empty = { listNetworks: async () => [], listContainers: async () => [] } as unknown as Docker;
const plan = planAny(small() as never);

const withDoor = (fields: Partial<DoorPlan>) => {
  if (plan.door === null) throw new Error("no door");
  return checkHost(empty, { ...plan, door: { ...plan.door, ...fields } }, "test");
};

async function tcpListener(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  return (server.address() as { port: number }).port;
}

async function udpListener(): Promise<number> {
  const socket = createSocket("udp4").bind(0, "127.0.0.1");
  onTestFinished(() => void socket.close());
  await once(socket, "listening");
  return socket.address().port;
}

/** One that nobody has, a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test("by HTTP and TLS are named where the stack sets them", async () => {
  const [httpPort, tlsPort] = [await tcpListener(), await tcpListener()];
  await expect(withDoor({ httpPort, tlsPort })).rejects.toThrow(
    `balancer.door.http: port ${httpPort} on 127.0.0.1 is taken by another program; set balancer.door.http in the stack to a free one\nbalancer.door.tls: port ${tlsPort} `,
  );
});

test("of each service are looked at, by its protocol", async () => {
  const [free, tcp, udp] = [await freePort(), await tcpListener(), await udpListener()];
  const services = [
    { protocol: "tcp", port: 5432, hostPort: free },
    { protocol: "tcp", port: 5433, hostPort: tcp },
    { protocol: "udp", port: 5433, hostPort: udp },
  ] as const;
  await expect(withDoor({ httpPort: free, tlsPort: null, services })).rejects.toThrow(
    new RegExp(
      `^balancer\\.services\\[1\\]\\.door: port ${tcp} on .*\\nbalancer\\.services\\[2\\]\\.door: port ${udp} \\(UDP\\) on .*$`,
    ),
  );
});

test("that nobody has are no problem", async () => {
  const free = await freePort();
  const services = [
    { protocol: "tcp", port: 53, hostPort: free },
    { protocol: "udp", port: 53, hostPort: free },
  ] as const;
  await withDoor({ httpPort: free, tlsPort: null, services });
});
