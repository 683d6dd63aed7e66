import { describe, expect, test } from "vitest";
import { deliverBy } from "../../../../components/platform/planned/deliver-by.ts";
import type { FileDelivery } from "../../../../components/platform/planned/delivery.ts";
import type { CommandResult, DeliveryTransport } from "../../../../components/platform/planned/transport.ts";
import { incomingFolder } from "../../../../components/render/paths.ts";
import { document, members, pool } from "./members.ts";

/* Deliveries over a transport that reaches nobody and notes in which order it was asked for what. */

interface World {
  /** What the machine's own program comes to. */
  readonly applied?: CommandResult;
  readonly on?: boolean;
  /** What an operator has said to balancers. */
  readonly operators?: Record<string, string>;
  /** What a balancer has in its pool; it takes whatever it is given. */
  readonly serving?: ReturnType<typeof document>;
}

const ok: CommandResult = { exitCode: 0, stdout: "", stderr: "" };

function transportOf({ applied = ok, on = true, operators = {}, serving = document(pool([])) }: World = {}) {
  const log: string[] = [];
  const documents: string[] = [];
  const balancers = new Map<string, string>();
  const answer = (machine: string, command: readonly string[], stdin: string | undefined) => {
    const url = command.at(-1) ?? "";
    if (url.endsWith("/operator")) {
      if (stdin === undefined) return operators[machine] ?? "no JSON";
      operators[machine] = stdin;
      return "{}";
    }
    if (command.includes("PUT") && stdin !== undefined) {
      balancers.set(machine, stdin);
      documents.push(stdin);
      log.push(`members to ${machine}`);
      return "";
    }
    if (url.endsWith("/members")) return balancers.get(machine) ?? JSON.stringify(serving);
    if (url.endsWith("/status")) return JSON.stringify({ pools: {}, draining: {} });
    log.push(`ask ${url}`);
    return "200";
  };
  const transport: DeliveryTransport = {
    exec: async (machine, command, options) => {
      if (command[0] !== "hotspare-apply") return { ...ok, stdout: answer(machine, command, options?.stdin) };
      log.push(`apply on ${machine}`);
      return applied;
    },
    put: async (machine, files, folder) => {
      log.push(`put ${files.map(({ path }) => path).join(" ")} into ${machine}:${folder}`);
    },
    isOn: async () => on,
    nameOf: async (machine) => `name of ${machine}`,
    runningBalancers: async () => ["one", "two"],
    story: async () => null,
  };
  return { transport, log, documents };
}

const delivery = (fields: Partial<FileDelivery> = {}): FileDelivery => ({
  machine: "one",
  files: [{ path: "app.env", mode: "0644", content: "A=1" }],
  labels: {},
  pace: { patience: 1000, step: 300, drain: 300 },
  mayBeOff: false,
  ...fields,
});

describe("files of any machine", () => {
  test("are put into its incoming folder, and its own program takes them", async () => {
    const { transport, log } = transportOf();
    await deliverBy(transport)(delivery());
    expect(log).toEqual([`put app.env into one:${incomingFolder}`, "apply on one"]);
  });

  test.each([
    [2, /^name of one refused its new configuration .*\(hotspare-apply, exit 2\):\nthe words$/],
    [127, /^name of one could not take its new configuration \(hotspare-apply, exit 127\):\nthe words$/],
  ])("fail with its words when it ends with %i", async (exitCode, message) => {
    const { transport } = transportOf({ applied: { exitCode, stdout: "", stderr: "the words\n" } });
    await expect(deliverBy(transport)(delivery())).rejects.toThrow(message);
  });
});

describe("files of a machine that is meant to be off", () => {
  test("wait for its start", async () => {
    const { transport, log } = transportOf({ on: false });
    await deliverBy(transport)(delivery({ mayBeOff: true }));
    expect(log).toEqual([`put app.env into one:${incomingFolder}`]);
  });

  test("are taken at once where something else has started it", async () => {
    const { transport, log } = transportOf({ on: true });
    await deliverBy(transport)(delivery({ mayBeOff: true }));
    expect(log.at(-1)).toBe("apply on one");
  });

  test("don't wait on one that is off and shouldn't be", async () => {
    const { transport, log } = transportOf({ on: false });
    await deliverBy(transport)(delivery());
    expect(log.at(-1)).toBe("apply on one");
  });
});

describe("files with members", () => {
  const desired = document(pool(members(2, 1)), "bbb");
  const files = [{ path: "members.json", mode: "0644", content: JSON.stringify(desired) }];

  test("come after the new ones were asked and ramped up, on all balancers", async () => {
    const { transport, log, documents } = transportOf({ serving: document(pool(members(2)), "aaa") });
    await deliverBy(transport)(delivery({ files }));
    const steps = log
      .map((entry) => entry.split(" ")[0])
      .filter((word, index, all) => word !== all[index - 1]);
    expect(steps).toEqual(["ask", "members", "put", "apply"]);
    expect(log.filter((entry) => entry.startsWith("members to")).sort()).toEqual([
      "members to one",
      "members to one",
      "members to two",
      "members to two",
    ]);
    expect(documents.map((text) => JSON.parse(text).revision)).toEqual(["bbb1", "bbb1", "bbb2", "bbb2"]);
  });

  test("reach a balancer by standard input, however many there are", async () => {
    const many = document(pool(members(4000, 1)), "bbb");
    const { transport, documents } = transportOf({ serving: document(pool(members(4000)), "aaa") });
    const content = JSON.stringify(many);
    await deliverBy(transport)(delivery({ files: [{ path: "members.json", mode: "0644", content }] }));
    expect(documents[0]?.length).toBeGreaterThan(128 * 1024);
  });
});

describe("what an operator has said of nodes", () => {
  const said = (revision: number, ...out: string[]) =>
    JSON.stringify({
      schema: 1,
      revision,
      by: "mia",
      members: Object.fromEntries(out.map((key) => [key, { state: "drained" }])),
    });
  const file = { path: "members.json", mode: "0644" as const, content: JSON.stringify(document(pool([]))) };

  test.each([
    ["a new balancer has it from its peer", said(0), said(4, "web-1"), said(4, "web-1")],
    ["one that was away for a while too", said(2), said(4, "web-1"), said(3, "web-1")],
    ["one that knows more keeps it", said(5, "web-2"), said(4, "web-1"), said(5, "web-2")],
    ["nobody has said anything", said(0), said(0), said(0)],
    ["a peer that doesn't answer is passed over", said(0), "Bad Gateway", said(0)],
  ])("%s", async (_, one, two, expected) => {
    const operators = { one, two };
    const { transport } = transportOf({ operators });
    await deliverBy(transport)(delivery({ files: [file] }));
    expect(JSON.parse(operators.one)).toEqual(JSON.parse(expected));
    expect(operators.two).toBe(two);
  });
});
