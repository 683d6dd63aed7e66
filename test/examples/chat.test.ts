import { afterAll, beforeAll, expect, it } from "vitest";
import WebSocket from "ws";
import { Example } from "../support/example.ts";
import { until } from "../support/until.ts";

/* The chat (stacks/examples/chat): two people talk through the balancers while a node dies and a release is rolled out. */

let chat: Example;

beforeAll(async () => {
  chat = await Example.up("chat");
});
afterAll(() => chat?.down());

interface Said {
  readonly id: string;
  readonly nonce: string;
  readonly text: string;
}

/** Somebody in the room, who comes back when the connection is lost and says again what nobody has heard. */
class Person {
  readonly heard: Said[] = [];
  readonly #name: string;
  readonly #unheard = new Map<string, string>();
  #socket: WebSocket | null = null;
  #isGone = false;
  connections = 0;

  constructor(name: string) {
    this.#name = name;
    this.#connect();
  }

  say(text: string): void {
    const nonce = `${this.#name}-${text}`;
    this.#unheard.set(nonce, text);
    this.#send(nonce, text);
  }

  leave(): void {
    this.#isGone = true;
    this.#socket?.close();
  }

  #send(nonce: string, text: string): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify({ nonce, text }));
  }

  #connect(): void {
    const after = this.heard.at(-1)?.id ?? "0";
    const socket = new WebSocket(`${chat.url.replace("http", "ws")}/room?after=${after}`);
    this.#socket = socket;
    socket.on("open", () => {
      this.connections++;
      for (const [nonce, text] of this.#unheard) this.#send(nonce, text);
    });
    socket.on("message", (data) => {
      const said = JSON.parse(String(data)) as Said;
      this.heard.push(said);
      this.#unheard.delete(said.nonce);
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      if (!this.#isGone) setTimeout(() => this.#connect(), 100);
    });
  }
}

it("everybody hears everything once and in one order, while a node dies and a release is rolled out", async () => {
  const people = [new Person("ann"), new Person("bob"), new Person("cem"), new Person("dot")];
  let number = 0;
  const talk = setInterval(() => {
    number++;
    for (const person of people) person.say(String(number));
  }, 50);
  const all = (least: number) => people.every(({ heard }) => heard.length >= least);
  await until("they talk", () => all(80), 60_000);
  await chat.kill("web-1");
  const then = people[0]?.heard.length ?? 0;
  await until("they talk on", () => all(then + 80), 60_000);
  await chat.project.edit("stacks/examples/chat/stack.ts", 'RELEASE: "1"', 'RELEASE: "2"');
  await chat.again();
  clearInterval(talk);
  await until("the last words are heard", () => all(4 * number), 60_000);
  for (const person of people) person.leave();
  const [first, ...others] = people.map(({ heard }) => heard.map(({ nonce }) => nonce));
  expect(first?.length).toBe(4 * number);
  expect(new Set(first).size).toBe(4 * number);
  for (const other of others) expect(other).toEqual(first);
  // All have been at a node that went.
  expect(people.every(({ connections }) => connections > 1)).toBe(true);
});
