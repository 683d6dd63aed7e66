import { once } from "node:events";
import { request } from "node:http";
import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LiveServer, serveLive } from "../../../../scripts/live/server.ts";
import { Watch } from "../../../../scripts/live/watch.ts";
import { FakeCluster } from "../../../support/live-source.ts";

const cluster = new FakeCluster(2);
const watch = new Watch(cluster, "test");
let served: LiveServer;
beforeAll(async () => {
  served = await serveLive(watch, cluster, 0);
  await watch.lookOnce();
});
afterAll(() => served.close());

/** Status of a request with this Host. */
async function statusWith(path: string, host: string, method = "GET"): Promise<number | undefined> {
  const { port } = new URL(served.url);
  const asked = request({ port, host: "127.0.0.1", path, method, headers: { host } }).end();
  const [response] = await once(asked, "response");
  response.resume();
  return response.statusCode;
}

describe("the page's server", () => {
  test("gives one document that allows nothing from elsewhere", async () => {
    const response = await fetch(served.url);
    const html = await response.text();
    expect(response.headers.get("content-security-policy")).toMatch(
      /^default-src 'none'; style-src 'sha256-/,
    );
    expect(html).not.toMatch(/https?:\/\/|\/\* (style|program) \*\//);
    expect(html).toContain("new EventSource");
  });

  test("answers nobody who doesn't know its path, comes by another name, or wants to change something", async () => {
    const { pathname, host } = new URL(served.url);
    expect(await statusWith(pathname, host)).toBe(200);
    const malformed = ["//", "/\\", "//[", "http://"];
    for (const path of ["/", "/events", `${pathname}nothing`, `${pathname.slice(0, -2)}/`, ...malformed])
      expect([path, await statusWith(path, host)]).toEqual([path, 404]);
    expect(await statusWith(pathname, "evil.example")).toBe(404);
    expect(await statusWith(pathname, host, "POST")).toBe(404);
  });

  test("tells by events what was, what is and what comes", async () => {
    cluster.say("promote", "web-hot-1", "web-1: its checks fail", new Date(2000));
    cluster.say("lost", "web-1", "its checks fail", new Date(1000));
    const response = await fetch(`${served.url}events`);
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    const until = async (words: string) => {
      while (!text.includes(words)) text += (await reader?.read())?.value ?? "";
    };
    await until("event: now");
    const [, past = ""] = /event: past\ndata: (.*)\n/.exec(text) ?? [];
    expect(JSON.parse(past).events.map(({ text }: { text: string }) => text)).toEqual([
      "warden-1 web-1 is lost: its checks fail",
      "warden-1 lets web-hot-1 serve: web-1: its checks fail",
    ]);
    cluster.stopped.add("web-2");
    await watch.lookOnce();
    await until("web-2 does not run (exited, exit code 137)");
    cluster.trouble = "nobody answers";
    await watch.lookOnce();
    await until('"trouble":"nobody answers"');
    await reader?.cancel();
  });

  test("gives what is known of a machine, without what a terminal would take for more than text", async () => {
    cluster.lines = ["\u001b[2Jgone"];
    const known = await fetch(`${served.url}machine/web-1`);
    expect(await known.json()).toEqual({
      facts: [["exit code", "137, killed for want of memory"]],
      lines: [expect.not.stringContaining("\u001b")],
    });
    const unknown = await fetch(`${served.url}machine/web-9`);
    expect([unknown.status, await unknown.json()]).toEqual([404, { error: "web-9 is not there" }]);
  });

  test("says which port is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as { port: number };
    await expect(serveLive(watch, cluster, port)).rejects.toThrow(
      `--port ${port}: it can't be listened on (EADDRINUSE)`,
    );
    other.close();
  });
});
