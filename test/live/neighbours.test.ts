import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { virtualAddressOf } from "../../components/plan/virtual-address.ts";
import { exec, images, removeAll, start } from "../support/containers.ts";
import type { ManyConnections, Opened } from "../support/many-connections.ts";
import { deliver, filesOf, type Pair, startPair } from "../support/pair.ts";
import { planOf } from "../support/plans.ts";
import { until } from "../support/until.ts";

/*
 * Who is in the balancers' segment, and who comes as a client, and means ill: adverts of VRRP, half headers, bodies that drip.
 */

const suite = "neighbours";
const plan = planOf({
  name: "neighbours",
  environment: "development",
  platform: { kind: "docker" },
  network: { subnet: "10.79.84.0/23" },
  balancer: { kind: "nginx", connections: { perAddress: 100, bodiesPerAddress: 20 }, bodyLimit: "1 MB" },
  pools: { web: { active: 2 } },
});
const virtual = virtualAddressOf(plan);
const balancers = plan.balancers.map(({ key }) => key);
const addressOf = (key: string) => plan.balancers.find((one) => one.key === key)?.address ?? "";
let pair: Pair;

beforeAll(async () => {
  await removeAll(suite);
  pair = await startPair(suite, plan);
  for (const key of balancers) {
    const applied = await deliver(pair.machine(key), filesOf(plan, key));
    expect(applied).toMatchObject({ outcome: "applied" });
  }
  await until("all nodes are well", async () =>
    Object.values((await pair.status("lb-1")).pools).every(({ members }) =>
      members.every(({ healthy }) => healthy === true),
    ),
  );
  await until("somebody holds the address", async () => (await pair.holder()) !== null);
});
afterAll(() => removeAll(suite));

const bytesOf = (address: string) => address.split(".").map(Number);

/** The internet checksum (RFC 1071). */
function checksum(bytes: readonly number[]): number[] {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return [(~sum >>> 8) & 0xff, ~sum & 0xff];
}

/** A packet with an advert of VRRP version 3 of priority 255 for the virtual address, in hex. */
function advert(from: string, to: string, ttl = 255): string {
  const body = [0x31, plan.tier.failover.routerId, 255, 1, 0, 10];
  const rest = bytesOf(virtual);
  const pseudo = [...bytesOf(from), ...bytesOf(to), 0, 112, 0, 12];
  const sum = checksum([...pseudo, ...body, 0, 0, ...rest]);
  const header = [0x45, 0xc0, 0, 32, 0, 1, 0, 0, ttl, 112, 0, 0, ...bytesOf(from), ...bytesOf(to)];
  return [...header, ...body, ...sum, ...rest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Sends a packet 40 times in two seconds from a container of the segment that may make raw packets. */
async function send(attacker: Awaited<ReturnType<typeof start>>, packet: string, to: string): Promise<void> {
  const program = `use Socket;
    socket(my $s, PF_INET, SOCK_RAW, 255) or die $!;
    setsockopt($s, 0, 3, pack("i", 1)) or die $!;
    for (1..40) { send($s, pack("H*", "${packet}"), 0, sockaddr_in(0, inet_aton("${to}"))) or die $!; select(undef, undef, undef, 0.05) }`;
  expect(await exec(attacker, "perl", "-e", program)).toMatchObject({ exitCode: 0 });
}

/** A container of the segment, and its address. */
async function attackerOf() {
  const { balancer: Image } = await images();
  const HostConfig = { NetworkMode: `hotspare-test-${suite}`, CapDrop: ["ALL"], CapAdd: ["NET_RAW"] };
  const attacker = await start(suite, { Image, Cmd: ["sleep", "120"], HostConfig });
  const { NetworkSettings } = await attacker.inspect();
  const own = NetworkSettings.Networks[`hotspare-test-${suite}`]?.IPAddress ?? "";
  return { attacker, own };
}

describe("an advert of priority 255 from another machine of the segment", () => {
  test("doesn't take the virtual address away", async () => {
    const { attacker, own } = await attackerOf();
    const holder = await pair.holder();
    for (const key of balancers) await send(attacker, advert(own, addressOf(key)), addressOf(key));
    expect(await pair.holder()).toBe(holder);
    for (const key of balancers) {
      const { stdout } = await exec(pair.machine(key), "nft", "list", "chain", "ip", "hotspare", "input");
      expect(stdout).toMatch(/saddr != @peers counter packets [1-9]/);
      expect((await pair.status(key)).vrrp?.state).toBe(key === holder ? "MASTER" : "BACKUP");
    }
  });

  test("nor in the name of a peer from behind a router", async () => {
    const { attacker } = await attackerOf();
    const holder = (await pair.holder()) ?? "";
    const peer = balancers.find((key) => key !== holder) ?? "";
    await send(attacker, advert(addressOf(peer), addressOf(holder), 254), addressOf(holder));
    expect((await pair.status(holder)).vrrp?.state).toBe("MASTER");
  });

  // Who may make raw packets in the segment can claim to be a peer: what is left, and what shows that the advert is a right one.
  test("does in the name of a peer", async () => {
    const { attacker } = await attackerOf();
    const holder = (await pair.holder()) ?? "";
    const peer = balancers.find((key) => key !== holder) ?? "";
    const sending = send(attacker, advert(addressOf(peer), addressOf(holder)), addressOf(holder));
    await until("the holder gives way", async () => (await pair.status(holder)).vrrp?.state === "BACKUP");
    await sending;
    await until("somebody holds the address", async () => (await pair.holder()) !== null);
  });
});

const many = (options: Omit<ManyConnections, "host" | "port">) =>
  pair.run<Opened>("many-connections.ts", { host: addressOf("lb-1"), port: plan.tier.httpPort, ...options });

/** A request of somebody else's. */
const served = async () =>
  (await pair.send(`http://${addressOf("lb-1")}:${plan.tier.httpPort}`, [{ method: "GET", path: "/" }]))[0]
    ?.status;

describe("a client", () => {
  test("with 400 half headers has its 100 places, and others are served", async () => {
    const attack = many({ count: 400, text: "GET / HTTP/1.1\r\nHost: x\r\nX-A: ", drip: 500, after: 5000 });
    await sleep(3000);
    expect(await served()).toBe(200);
    expect(await attack).toMatchObject({ open: 100, refused: 300 });
  });

  test("with 80 dripping bodies has 20 of them, and none for longer than its size allows", async () => {
    const text = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4096\r\n\r\n";
    const early = await many({ count: 80, text, drip: 1000, after: 6000 });
    expect(early.answers).toEqual({ "HTTP/1.1 429 Too Many Requests": 60 });
    const late = await many({ count: 10, text, drip: 1000, after: 19_000 });
    expect(late.open).toBe(0);
    const uploads = [{ method: "POST", path: "/echo", bytes: 10_000 }];
    const [upload] = await pair.send(`http://${addressOf("lb-1")}:${plan.tier.httpPort}`, uploads);
    expect(upload?.status).toBe(200);
  });
});
