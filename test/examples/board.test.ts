import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Example } from "../support/example.ts";
import { until } from "../support/until.ts";

/* The board (stacks/examples/board), used through its balancers while parts of it die and a release is rolled out. */

let board: Example;

beforeAll(async () => {
  board = await Example.up("board", { boardPassword: "a password of the board" });
});
afterAll(() => board?.down());

interface Note {
  readonly id: string;
  readonly words: number | null;
}
const read = async <T>(path: string): Promise<T> => (await fetch(`${board.url}${path}`)).json() as Promise<T>;

/** Writes notes until it is told to stop; what each was answered. */
async function write(isOver: () => boolean, answers: Map<string, number>): Promise<void> {
  for (let number = 1; !isOver(); number++) {
    const id = String(number).padStart(5, "0");
    const body = "three words long";
    const answer = await fetch(`${board.url}/notes/${id}`, { method: "PUT", body });
    await answer.arrayBuffer();
    answers.set(id, answer.status);
    await sleep(20);
  }
}

it("loses no note while a node and a worker die and a release is rolled out, and counts the words of each", async () => {
  const answers = new Map<string, number>();
  let over = false;
  const writing = write(() => over, answers);
  await until("the first notes", () => answers.size > 20, 60_000);
  await board.kill("web-1");
  await board.kill("counter-1");
  const then = answers.size;
  await until("more notes", () => answers.size > then + 20, 60_000);
  await board.project.edit("stacks/examples/board/stack.ts", 'RELEASE: "1"', 'RELEASE: "2"');
  await board.again();
  over = true;
  await writing;
  expect([...answers.values()].filter((status) => status !== 201)).toEqual([]);
  const counted = async () => (await read<Note[]>("/notes")).filter(({ words }) => words === 3);
  await until("all words are counted", async () => (await counted()).length === answers.size, 60_000);
  expect((await read<Note[]>("/notes")).map(({ id }) => id)).toEqual([...answers.keys()]);
});

/** Seconds between two times of its schedule. */
const every = 10;

it("has its reports made, each time one", async () => {
  const made = async () => (await read<{ made: number }[]>("/reports")).map((report) => report.made);
  await until("four reports", async () => (await made()).length >= 4, 90_000);
  const moments = await made();
  const [first = 0, last = 0] = [moments[0], moments.at(-1)].map((at) => Math.floor((at ?? 0) / every));
  // The first may have been late into the time of the next one.
  expect(moments.length, moments.join(" ")).toBeLessThanOrEqual(last - first + 2);
});
