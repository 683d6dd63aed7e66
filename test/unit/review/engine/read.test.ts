import { describe, expect, test } from "vitest";
import { driftOf } from "../../../../components/review/engine/drift.ts";
import { reviewEngine } from "../../../../components/review/engine/review.ts";
import { recordedRun, recordedRuns, stepLines } from "../../../support/engine-runs.ts";

/* What is read from streams that are not as they should be, and what is shown of values. */

const one = recordedRun("own-create-first");
const summary = { summaryEvent: { result: "succeeded", resourceChanges: {} } };
const urn = "urn:pulumi:lab::recorded::lab:index:Thing::node";

const step = (op: string, more: object = {}) => ({
  resourcePreEvent: {
    metadata: { op, urn, type: "lab:index:Thing", old: null, new: null, detailedDiff: null, ...more },
  },
});

const detail = (...paths: string[]) =>
  Object.fromEntries(paths.map((path) => [path, { diffKind: "update", inputDiff: true }]));

const review = (events: Iterable<unknown>, state: unknown = null) => reviewEngine({ events, state });

describe("streams", () => {
  test("lines and events are the same", () => {
    const parsed = one.events.map((line) => JSON.parse(line) as unknown);
    expect(reviewEngine({ ...one, events: parsed })).toEqual(reviewEngine(one));
  });

  test.each([
    ["nothing", []],
    ["no summary", one.events.filter((line) => !line.includes("summaryEvent"))],
    [
      "a line that ends in its middle",
      [...one.events.slice(0, 3), '{"sequence":3,"resourcePre', ...one.events.slice(3)],
    ],
  ])("%s: incomplete", (_what, events) => {
    expect(review(events).result).toBe("incomplete");
  });

  test("every beginning of every recording is read without an error, and is incomplete", () => {
    for (const name of recordedRuns.filter((run) => !run.startsWith("own-stack-"))) {
      const { events, state } = recordedRun(name);
      const end = events.findIndex((line) => line.includes('"summaryEvent"'));
      for (let length = 0; length < (end === -1 ? events.length : end); length++)
        expect(reviewEngine({ events: events.slice(0, length), state }).result).toBe("incomplete");
    }
  });

  test("what isn't an event is nobody's business, nor are events and fields that nobody knows", () => {
    const strange = [
      "a provider's stray print",
      null,
      42,
      [],
      "",
      { futureEvent: { urn } },
      { resourcePreEvent: "no object" },
      { resourcePreEvent: { metadata: { op: "create" } } },
      { diagnosticEvent: { severity: "error" } },
    ];
    expect(review([...strange, ...one.events], one.state)).toEqual(reviewEngine(one));
  });

  test("an operation that nobody knows is a change", () => {
    const { counts, steps } = review([step("transmogrify"), summary]);
    expect(counts.other).toBe(1);
    expect(steps[0]).toMatchObject({ kind: "other", name: "node" });
  });

  test.each(["failed", "canceled"])("a run that %s says so", (result) => {
    expect(review([{ summaryEvent: { result } }]).result).toBe(result);
  });

  test("engines whose summary doesn't say how it went", () => {
    const error = { diagnosticEvent: { severity: "error", message: "no" } };
    expect(review([{ summaryEvent: {} }]).result).toBe("succeeded");
    expect(review([error, { summaryEvent: {} }]).result).toBe("failed");
  });

  test.each([
    null,
    undefined,
    {},
    [],
    "state",
    { deployment: null },
    { deployment: { resources: [null, 1] } },
  ])("without a state that can be read (%j) a cascade has no root, and the rest is as it was", (state) => {
    const { events } = recordedRun("cascade-depth-2");
    expect(stepLines(review(events, state))).toEqual([
      "replace door delete-first: cascade pinNode",
      "replace net delete-first: property frail",
      "replace node delete-first: cascade pinNet",
    ]);
  });

  test("a chain far longer than calls can be deep", () => {
    const length = 20_000;
    const name = (at: number) => urn.replace("::node", `::node-${at}`);
    const side = (at: number) => ({ urn: name(at), id: `${at}`, inputs: {}, outputs: {} });
    const chain = Array.from({ length }, (_, at) => {
      const of = (op: string, more: object) =>
        step(op, { urn: name(at), old: side(at), new: op === "delete-replaced" ? null : side(at), ...more });
      const cause = at === 0 ? { keys: ["frail"], diffs: ["frail"] } : {};
      return [
        of("delete-replaced", {}),
        of("replace", cause),
        of("create-replacement", { keys: ["pinBelow"], ...cause }),
      ];
    });
    const resources = Array.from({ length }, (_, at) => ({
      urn: name(at),
      propertyDependencies: at === 0 ? {} : { pinBelow: [name(at - 1)] },
    }));
    const { steps } = review([...chain.flat(), summary], { deployment: { resources } });
    const last = steps.find(({ urn }) => urn === name(length - 1));
    expect(last?.causes.map(({ from, properties }) => [from, properties])).toEqual([[name(0), ["frail"]]]);
    expect(last?.causes[0]?.text).toMatch(
      /by way of node-19998, node-19997, node-19996, node-19995 and 19994 more$/,
    );
  });

  test("what hangs on a resource whose change the engine doesn't name, or on itself, has a cause nevertheless", () => {
    const template = urn.replace("::node", "::template");
    const side = { urn, id: "1", inputs: { pin: 1 }, outputs: {} };
    const made = { ...side, inputs: { pin: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" } };
    const replaced = ["create-replacement", "replace"].map((op) =>
      step(op, { old: side, new: made, keys: ["pin"], diffs: ["pin"] }),
    );
    const updated = step("update", {
      urn: template,
      old: { ...side, urn: template },
      new: { ...side, urn: template },
    });
    const state = (source: string) => ({
      deployment: { resources: [{ urn, propertyDependencies: { pin: [source] } }] },
    });
    expect(stepLines(review([...replaced, updated, summary], state(template)))[0]).toBe(
      "replace node create-first: cascade of template",
    );
    expect(stepLines(review([...replaced, summary], state(urn)))).toEqual([
      "replace node create-first: cascade pin",
    ]);
  });

  test("several copies of one resource that end in a run are each a change", () => {
    const copy = (id: string) => ({ urn, id, delete: true, inputs: {}, outputs: {} });
    const end = (id: string) => {
      const { resourcePreEvent } = step("delete-replaced", { old: copy(id) });
      return [{ resourcePreEvent }, { resOutputsEvent: resourcePreEvent }];
    };
    expect(stepLines(review([...end("1"), ...end("2"), summary]))).toEqual([
      "delete node: interrupted",
      "delete node: interrupted",
    ]);
  });

  test("a copy that ends doesn't end what is deleted with the resource itself", () => {
    const net = urn.replace("::node", "::net");
    const copy = { urn: net, id: "1", delete: true, inputs: {}, outputs: {} };
    const events = [step("delete-replaced", { urn: net, old: copy }), step("delete"), summary];
    const state = { deployment: { resources: [{ urn, deletedWith: net }] } };
    expect(stepLines(review(events, state))).toEqual(["delete net: interrupted", "delete node: gone"]);
  });

  test("a tie that is new has no root where several could be it", () => {
    const { events, state } = recordedRun("replace-with-newly-tied");
    const third = events
      .filter((line) => line.includes('Thing::net"'))
      .map((line) => line.replaceAll("Thing::net", "Thing::third"));
    expect(stepLines(review([...third, ...events], state))).toContain(
      "replace node create-first: replace-with",
    );
  });

  test("a refusal of a resource whose steps are told as well is told once", () => {
    const { events, state } = recordedRun("protected-dependent-shown");
    const error = recordedRun("protected-dependent").events.find((line) =>
      line.includes("unable to replace"),
    );
    expect(stepLines(review([error, ...events], state)).map((line) => line.split(" ")[1])).toEqual([
      "net",
      "node",
    ]);
  });

  test("a failure that only its own event tells of", () => {
    const { resourcePreEvent } = step("create");
    const failed = { resOpFailedEvent: { metadata: resourcePreEvent.metadata, status: 0, steps: 1 } };
    expect(stepLines(review([failed, summary]))).toEqual(["create node failed"]);
    expect(stepLines(review([{ resourcePreEvent }, failed, summary]))).toEqual(["create node failed"]);
  });

  test("a copy in the state that only waits for its deletion ties nobody", () => {
    const { events, state } = recordedRun("cascade-delete-first");
    const copies = structuredClone(state) as { deployment: { resources: Record<string, unknown>[] } };
    const net = copies.deployment.resources.find((resource) => String(resource.urn).endsWith("::node"));
    copies.deployment.resources.push({ urn: net?.urn, delete: true, propertyDependencies: { pinNet: [] } });
    expect(review(events, copies)).toEqual(review(events, state));
  });

  test("a state whose resources hang on each other in a circle ends all the same", () => {
    const state = structuredClone(recordedRun("cascade-diamond").state) as {
      deployment: { resources: { urn: string; propertyDependencies?: Record<string, string[]> }[] };
    };
    const find = (name: string) => state.deployment.resources.find(({ urn }) => urn.endsWith(`::${name}`));
    const left = find("left");
    if (left !== undefined)
      left.propertyDependencies = { pinTop: [find("top")?.urn ?? "", find("bottom")?.urn ?? ""] };
    expect(stepLines(review(recordedRun("cascade-diamond").events, state))).toContain(
      "replace left delete-first: cascade of top frail",
    );
  });
});

describe("values", () => {
  const properties = (run: string, resource: string) =>
    Object.fromEntries(
      reviewEngine(recordedRun(run))
        .steps.filter(({ name }) => name === resource)
        .flatMap((entry) => entry.properties.map(({ path, ...rest }) => [path, rest])),
    );

  test("a marked secret is hidden, and what changes beside it isn't", () => {
    expect(properties("secret-in-inputs", "node")).toEqual({
      pinKey: { kind: "update", replaces: true, before: { kind: "hidden" }, after: { kind: "hidden" } },
      "nested.size": {
        kind: "update",
        replaces: false,
        before: { kind: "value", text: "1" },
        after: { kind: "value", text: "2" },
      },
    });
  });

  test("what is only known afterwards is unknown", () => {
    expect(properties("unknown-outputs", "node")).toEqual({
      plain: {
        kind: "update",
        replaces: false,
        before: { kind: "value", text: "none" },
        after: { kind: "unknown" },
      },
      "list[1]": {
        kind: "update",
        replaces: false,
        before: { kind: "value", text: "none" },
        after: { kind: "unknown" },
      },
    });
  });

  test("lists of another length are shown whole, since nobody can tell which entry became which", () => {
    expect(Object.keys(properties("create-update-delete", "stays"))).toEqual(["list", "size"]);
  });

  test("added and removed ones", () => {
    expect(properties("own-added-and-removed", "net")).toEqual({
      pinNew: {
        kind: "add",
        replaces: true,
        before: { kind: "absent" },
        after: { kind: "value", text: "x" },
      },
      pinOld: {
        kind: "delete",
        replaces: true,
        before: { kind: "value", text: "y" },
        after: { kind: "absent" },
      },
    });
  });

  test("a resource's own change shows though it is replaced for another's sake", () => {
    const found = properties("cascade-with-own-change", "node");
    expect(Object.keys(found)).toEqual(["pinImage", "pinNet", "size"]);
    expect(found.pinNet).toMatchObject({ replaces: true, after: { kind: "unknown" } });
    expect(found.size).toMatchObject({ replaces: false, after: { kind: "value", text: "small" } });
  });

  test("paths that the program hides", () => {
    const old = { urn, id: "1", inputs: { shown: 1, kept: { in: 1 } }, outputs: {}, hideDiffs: [["kept"]] };
    const made = { ...old, inputs: { shown: 2, kept: { in: 2 } } };
    const [found] = review([step("update", { old, new: made, diffs: ["shown", "kept"] }), summary]).steps;
    expect(found?.properties.map(({ path, after }) => [path, after.kind])).toEqual([
      ["kept.in", "hidden"],
      ["shown", "value"],
    ]);
  });

  test("a credential by the name beside it, and what only becomes a secret now", () => {
    const secret = {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      ciphertext: "[secret]",
    };
    const inputs = (value: string, earlier: unknown, later: unknown) => ({
      envs: [
        { name: "DB_PASSWORD", value },
        { name: "LEVEL", value },
      ],
      earlier,
      later,
    });
    const old = { urn, id: "1", inputs: inputs("correct-horse", secret, "battery-staple"), outputs: {} };
    const made = { ...old, inputs: inputs("correct-mule", "battery-staple", secret) };
    for (const more of [
      { diffs: ["envs", "earlier", "later"] },
      { detailedDiff: detail("envs[0].value", "envs[1].value", "earlier", "later") },
    ]) {
      const [found] = review([step("update", { old, new: made, ...more }), summary]).steps;
      expect(found?.properties.map(({ path, before, after }) => [path, before.kind, after.kind])).toEqual([
        ["earlier", "hidden", "hidden"],
        ["envs[0].value", "hidden", "hidden"],
        ["envs[1].value", "value", "value"],
        ["later", "hidden", "hidden"],
      ]);
    }
  });

  test("no secret of a recorded program is anywhere in a review", () => {
    const all = recordedRuns.map((name) => JSON.stringify(reviewEngine(recordedRun(name)))).join("\n");
    expect(all).not.toMatch(/hunter|swordfish/);
    const raw = recordedRuns.map((name) => recordedRun(name).events.join("\n")).join("\n");
    // The engine itself masks the marked ones only.
    expect(raw).toContain("swordfish-two");
  });

  test("no credential in what the engine or a policy says", () => {
    const message = "can't reach postgres://admin:correct-horse@db:5432/app";
    const found = review([
      { diagnosticEvent: { severity: "error", message, urn } },
      { policyEvent: { message, policyName: "p", policyPackName: "q", enforcementLevel: "mandatory" } },
      summary,
    ]);
    expect(JSON.stringify(found)).not.toContain("correct-horse");
    expect(found.diagnostics[0]?.message).toContain("db:5432/app");
    expect(found.policies).toHaveLength(1);
  });
});

describe("what is said beside the steps", () => {
  test("warnings and errors, and none of the rest", () => {
    expect(reviewEngine(recordedRun("program-logs")).diagnostics).toEqual([
      { severity: "warning", urn: null, message: "the subnet is nearly full" },
    ]);
    const [error] = reviewEngine(recordedRun("program-throws-at-the-end")).diagnostics;
    expect(error?.message).toContain("the program's last line fails");
  });

  test("violations of policies", () => {
    expect(reviewEngine(recordedRun("policies")).policies).toEqual([
      {
        urn,
        policy: "no-forbidden-size",
        pack: "sizes",
        level: "mandatory",
        message: 'size "forbidden" must not be',
      },
      {
        urn: urn.replace("::node", "::other"),
        policy: "no-doubtful-size",
        pack: "sizes",
        level: "advisory",
        message: 'size "doubtful" must not be',
      },
    ]);
  });
});

describe("drift", () => {
  const drifted = [
    {
      urn: urn.replace("::node", "::changed"),
      kind: "changed",
      properties: [
        {
          path: "size",
          kind: "update",
          replaces: false,
          before: { kind: "value", text: "a" },
          after: { kind: "value", text: "meddled" },
        },
      ],
    },
    { urn: urn.replace("::node", "::gone"), kind: "gone", properties: [] },
  ];

  test.each(["drift-refresh", "drift-in-a-preview"])("%s", (name) => {
    expect(driftOf(recordedRun(name).events)).toEqual(drifted);
    expect(reviewEngine(recordedRun(name)).drift).toEqual(drifted);
  });

  test("none, and not looked for", () => {
    expect(driftOf(recordedRun("drift-none").events)).toEqual([]);
    expect(driftOf(one.events)).toBeNull();
    expect(driftOf([])).toBeNull();
  });

  test("a node of our own stack that somebody removed", () => {
    const found = driftOf(recordedRun("own-stack-drift").events) ?? [];
    expect(found.map(({ urn, kind }) => [urn.split("::").at(-1), kind])).toEqual([["dev-web-2", "gone"]]);
  });
});
