import { createHash } from "node:crypto";
import type { ServerFilesInputs } from "../../../components/platform/metal/types.ts";
import { outOfService } from "../../../components/platform/planned/out-of-service.ts";
import { switchConfig } from "../../../components/render/paths.ts";
import type { ArchiveFile } from "../../archive.ts";
import { controllerOf } from "../../power/metal/controllers.ts";
import { callHost, changeTimeout, type HostCall, lookTimeout, sendToHost } from "./host.ts";
import { sendImage } from "./images.ts";
import type { Call, Kind } from "./kind.ts";
import { onServer, programsOf } from "./programs.ts";
import { balancersOf, offUnlessItServes, powerSeen, type ServerWay, switchOn } from "./switching.ts";
import { type Bag, canonical, hasUnknown, same, unknown } from "./values.ts";

const inputsOf = (bag: Bag) => bag as unknown as ServerFilesInputs & { readonly digest: string };

const calling = (inputs: Bag, { signal }: Call, timeout: number): HostCall => {
  const { ssh, server } = inputsOf(inputs);
  return { target: ssh, serial: server, timeout, signal };
};

/**
 * What a server has to have to be one machine of the cluster: packages, files, units. It is tested there before it is used, and what
 * was there before comes back when it fails.
 */
export const serverFilesKind: Kind = {
  // Another server is another place, where nothing of this one is.
  replacing: ["server", "key"],
  found: [],
  added: (inputs) => ({ digest: digestOf(inputs) }),
  problems: () => [],
  async create(inputs, call) {
    await whileOn(inputs, call, async () => {
      await makeRoom(inputs, call);
      await deliver(inputs, call);
    });
    // Whatever had it switched on before: a cold standby comes out switched off.
    if (isStandby(inputs)) await offUnlessItServes(wayOf(inputs), inputsOf(inputs), call);
    return { id: idOf(inputs), found: {} };
  },
  async read(_, inputs, call) {
    if (isStandby(inputs) && (await powerSeen(wayOf(inputs), call)).power === "off")
      return { inputs, found: {} };
    const there = await look(inputs, call, lookTimeout);
    return there === "none" ? null : { inputs: { ...inputs, digest: there }, found: {} };
  },
  async update(_, olds, news, call) {
    const known = same(olds.secretFiles, news.secretFiles) && same(olds.switches, news.switches);
    // A cold standby isn't switched on to be told how it is reached.
    if (isStandby(news) && known && olds.digest === inputsOf(news).digest) return {};
    await whileOn(news, call, async (wasOff) => {
      // How it is reached, or what it is called, changes nothing on it.
      const asItShouldBe = known && (await look(news, call, changeTimeout)) === inputsOf(news).digest;
      if (asItShouldBe) return;
      await (wasOff ? deliver(news, call) : change(news, call));
    });
    return {};
  },
  async remove(_, inputs, call) {
    // It stays on: its server is let go next, or becomes something else.
    if (isStandby(inputs)) await switchOn(wayOf(inputs), call);
    await callHost(calling(inputs, call, changeTimeout), ["remove", inputsOf(inputs).key]);
  },
};

const isStandby = (inputs: Bag) => inputsOf(inputs).bmc !== undefined;

const wayOf = (inputs: Bag): ServerWay => {
  const { controllerSerial, ...way } = inputsOf(inputs);
  return {
    ...way,
    serial: controllerSerial === undefined || controllerSerial === "" ? null : controllerSerial,
  };
};

/** Does something on a server that may be a cold standby: that is on meanwhile, and off again if it was, whatever comes of it. */
async function whileOn(inputs: Bag, call: Call, work: (wasOff: boolean) => Promise<void>): Promise<void> {
  const wasOff = isStandby(inputs) && (await switchOn(wayOf(inputs), call));
  try {
    await work(wasOff);
  } finally {
    if (wasOff) await offUnlessItServes(wayOf(inputs), inputsOf(inputs), call);
  }
}

/** Unique, another one on another server, and the key comes last: by it the transport knows the server. */
function idOf(inputs: Bag): string {
  const { server, key } = inputsOf(inputs);
  return `${server}/${key}`;
}

/** Digest of what is there, `none`, or what was changed. */
async function look(inputs: Bag, call: Call, timeout: number): Promise<string> {
  return (await callHost(calling(inputs, call, timeout), ["look", inputsOf(inputs).key])).trim();
}

/**
 * A server carries one node: another one there is of this stack, by the server's mark, and planned no more. The engine would remove it
 * at the very end of the `up`, so it leaves here, without a request lost.
 */
async function makeRoom(inputs: Bag, call: Call): Promise<void> {
  const { key, units, pace, balancers } = inputsOf(inputs);
  if (Object.keys(balancers).length === 0) return;
  const there = calling(inputs, call, changeTimeout);
  const rivals = (await callHost(there, ["rivals", key, ...units])).split("\n").filter((line) => line !== "");
  for (const rival of rivals)
    await outOfService(await balancersOf(inputsOf(inputs)), rival, { ...pace, patience: 0 }, () =>
      callHost(there, ["remove", rival]),
    );
}

/** A node that serves gets no requests meanwhile. */
async function change(inputs: Bag, call: Call): Promise<void> {
  const { key, pace } = inputsOf(inputs);
  await outOfService(await balancersOf(inputsOf(inputs)), key, pace, () => deliver(inputs, call));
}

async function deliver(inputs: Bag, call: Call): Promise<void> {
  const { key, digest, image } = inputsOf(inputs);
  if (image?.from === "here") await sendImage(calling(inputs, call, changeTimeout), image.reference);
  await sendToHost(calling(inputs, call, changeTimeout), ["deliver", key, digest], bundleOf(inputs));
}

/** Hash of all that is sent, but for secrets: somebody who reads it could guess these. */
function digestOf(inputs: Bag): string {
  const { secretFiles: _, switches: __, ...open } = inputs;
  const { files, packages, units, ports, health, programs, switches } = inputsOf(inputs);
  if (hasUnknown([files, packages, units, ports, health, programs, switches])) return unknown;
  const hash = createHash("sha256");
  for (const { name, mode, content } of bundleOf({ ...open, secretFiles: {} }))
    hash.update(canonical([name, mode, createHash("sha256").update(content).digest("hex")]));
  for (const [key, { account: ___, ...switched }] of Object.entries(switches ?? {}))
    hash.update(canonical([key, switched]));
  return hash.digest("hex").slice(0, 16);
}

/** What the switch is told; with accounts, so root's alone. */
function accountsOf(switches: NonNullable<ServerFilesInputs["switches"]>): string {
  const nodes = Object.entries(switches).map(([key, { server, bmc, account, serial }]) => [
    key,
    controllerOf(server, bmc, serial === "" ? null : serial, account ?? null),
  ]);
  const fenced = Object.keys(switches).filter((key) => switches[key]?.fenced === true);
  return `${JSON.stringify({ nodes: Object.fromEntries(nodes), fenced })}\n`;
}

function bundleOf(inputs: Bag): ArchiveFile[] {
  const {
    files,
    secretFiles,
    packages,
    units,
    ports,
    health,
    programs,
    mark,
    card,
    address,
    release,
    virtual,
    switches,
    image,
    ownFiles = {},
  } = inputsOf(inputs);
  const list = (name: string, entries: readonly (string | number)[]): ArchiveFile => ({
    name,
    mode: 0o644,
    content: entries.map((entry) => `${entry}\n`).join(""),
  });
  const all = [
    list("packages", packages),
    list("units", units),
    list("ports", ports),
    list("virtual", virtual === null ? [] : [virtual.address, ...virtual.balancers]),
    list("health", health === null ? [] : [`${health.port} ${health.path} ${health.seconds}`]),
    list("wanted", [mark.owner, mark.stack, card, address, release]),
    ...(image === undefined ? [] : [list("image", [`${image.reference} ${image.from}`])]),
    ...programsOf(programs),
    ...(switches === undefined ? [] : [onServer(switchConfig, accountsOf(switches), 0o600)]),
    ...Object.entries(ownFiles).map(([path, { base64, mode }]) =>
      onServer(path, Buffer.from(base64, "base64"), Number.parseInt(mode, 8)),
    ),
    ...Object.entries(files).map(([path, text]) => onServer(path, text, 0o644)),
    ...Object.entries(secretFiles).map(([path, text]) => onServer(path, text, 0o600)),
  ];
  return all.sort((a, b) => (a.name < b.name ? -1 : 1));
}
