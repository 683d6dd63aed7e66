import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer } from "node:http";
import { openPower } from "../open.ts";
import type { Controller } from "../types.ts";
import { mayAsk } from "./may-ask.ts";
import { Switches } from "./switches.ts";

/* The switch's process on a server: its accounts and its socket are in the folder that its unit gets. */

const folder = process.env.RUNTIME_DIRECTORY ?? "/run/hotspare-power";
const file = `${folder}/power.json`;
const { nodes, fenced } = JSON.parse(readFileSync(file, "utf8")) as {
  nodes: Record<string, Controller>;
  fenced: string[];
};

const password = readFileSync(`${folder}/password`, "utf8").trim();

const say = (text: string) => void process.stdout.write(`${new Date().toISOString()} ${text}\n`);
const switches = new Switches(
  new Map(Object.entries(nodes).map(([key, controller]) => [key, openPower(controller)])),
  new Set(fenced),
  say,
);

const socket = `${folder}/control.sock`;
await rm(socket, { force: true });
const server = createServer(async ({ method = "", url = "", headers }, response) => {
  const { status, body } = mayAsk(headers.authorization, password)
    ? await switches.answer(method, url)
    : { status: 403, body: "that is the warden's alone" };
  if (method === "POST")
    say(`${url.slice(1)}: ${status === 200 ? "done" : status === 304 ? "it is so already" : body}`);
  response.writeHead(status).end(body);
});
// The folder is closed to others; the group that may enter it is the warden's, and nginx's.
process.umask(0o007);
server.listen(socket, () => say(`switches ${Object.keys(nodes).join(", ")}`));
const end = new AbortController();
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => end.abort());
await switches.watch(end.signal);
await switches.close();
process.exit(0);
