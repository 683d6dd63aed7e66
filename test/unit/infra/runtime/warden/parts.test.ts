import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { render } from "../../../../../components/render/index.ts";
import { parseStatus } from "../../../../../infra/runtime/warden/balancer-client.ts";
import { parseConfig, readConfig } from "../../../../../infra/runtime/warden/config.ts";
import { freshState } from "../../../../../infra/runtime/warden/decide.ts";
import { powerOf } from "../../../../../infra/runtime/warden/drivers/docker.ts";
import { Metrics } from "../../../../../infra/runtime/warden/metrics.ts";
import { deserialize, Store, serialize } from "../../../../../infra/runtime/warden/store.ts";
import { parseEvent, sentence } from "../../../../../scripts/events/sentence.ts";
import { developmentStack, planOf } from "../../../../support/plans.ts";

const folder = mkdtempSync(join(tmpdir(), "hotspare-warden-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("warden.json", () => {
  const files = render(planOf(developmentStack)).find(({ machine }) => machine === "warden-1")?.files ?? [];
  const text = String(files[0]?.content);

  test("as it is rendered is read", () => {
    expect(parseConfig(text)).toMatchObject({
      warden: "warden-1",
      balancer: "lb-1",
      timers: { calm: 10_000 },
    });
  });

  test("is put together of the variables that its container has", () => {
    const env = { HOTSPARE_FILE_0: text.slice(0, 40), HOTSPARE_FILE_1: text.slice(40), HOTSPARE_FILE_3: "x" };
    expect(readConfig(env, "/nonexistent")).toEqual(parseConfig(text));
    const file = join(folder, "warden.json");
    writeFileSync(file, text);
    expect(readConfig({}, file)).toEqual(parseConfig(text));
  });

  test("names who may ask for metrics: the tier's block and what people attach, and nodes where the stack says so", () => {
    expect(parseConfig(text).answers).toEqual(["10.77.2.0/28", "10.77.3.0/28"]);
    const open = planOf({ ...developmentStack, warden: { openToNodes: true } });
    expect(open.wardens.map(({ answers }) => answers)).toEqual([["10.77.2.0/23"], ["10.77.2.0/23"]]);
    expect(() => parseConfig(JSON.stringify({ ...JSON.parse(text), answers: undefined }))).toThrow(
      "answers: must be a list of networks",
    );
  });

  test("says everything that is wrong, each with its path", () => {
    const wrong = JSON.parse(text);
    wrong.warden = 7;
    wrong.timers.calm = -1;
    delete wrong.timers.restart.tries;
    expect(() => parseConfig(JSON.stringify(wrong))).toThrow(
      /warden: must be a name, not 7\n {2}timers\.calm: .* not -1\n {2}timers\.restart\.tries: .* not undefined/,
    );
  });

  test.each(["", "{", "[]", "null", '{"schema":2}', '{"schema":1}'])("%j is refused", (broken) => {
    expect(() => parseConfig(broken)).toThrow(/^warden\.json/);
  });
});

describe("a balancer's status", () => {
  const member = {
    key: "web-1",
    role: "active",
    desiredRole: "active",
    healthy: null,
    proven: true,
    mark: null,
  };
  const status = {
    holdsVirtualAddress: true,
    lease: null,
    overlay: { revision: 3, by: "warden-1" },
    pools: {
      web: {
        members: [{ ...member, inRotation: true, weight: 3, inFlight: 2, out: false }],
        retries: { made: 7, refused: 2 },
      },
      api: { members: {} },
    },
  };

  test("tells who keeps clients out", () => {
    const operator = (maintenance?: object) => ({
      ...status,
      operator: { revision: 1, by: "mia", maintenance },
    });
    const of = (said: object) => parseStatus(JSON.stringify(said)).maintenance;
    expect(of(operator({ by: "mia", reason: "the fair", allowed: {} }))).toBe("mia (the fair)");
    expect(of(operator({ by: "mia" }))).toBe("mia");
    expect(of(operator())).toBeNull();
  });

  test("is read; Lua's empty tables are empty lists", () => {
    expect(parseStatus(JSON.stringify(status))).toEqual({
      holdsVirtualAddress: true,
      lease: null,
      maintenance: null,
      overlayRevision: 3,
      pools: {
        web: [{ ...member, inRotation: true, weight: 3, inFlight: 2, out: false }],
        api: [],
      },
      retries: { web: { made: 7, refused: 2 } },
    });
    expect(parseStatus(JSON.stringify({ ...status, lease: { holder: "up", secondsLeft: 3 } })).lease).toBe(
      "up",
    );
  });

  test.each([
    ["", /JSON/],
    ["3", /no object/],
    [JSON.stringify({ ...status, overlay: undefined }), /overlay/],
    [JSON.stringify({ ...status, holdsVirtualAddress: "yes" }), /holdsVirtualAddress/],
    [JSON.stringify({ ...status, pools: { web: { members: "x" } } }), /web/],
    [
      JSON.stringify({ ...status, pools: { web: { members: [{ key: "a", role: "boss" }] } } }),
      /no known role/,
    ],
  ])("%j is refused", (text, reason) => {
    expect(() => parseStatus(text)).toThrow(reason);
  });
});

describe("the state file", () => {
  const memory = {
    lostSince: 900,
    wellSince: 10,
    idleSince: null,
    tries: 2,
    triedAt: 950,
    startingSince: 990,
    offAt: 980,
  };
  const state = { ...freshState, nodes: { "web-1": memory } };

  test("keeps ages, so another process with another clock goes on from there", () => {
    const text = serialize(state, 1000, 50_000);
    expect(deserialize(text, 5, 51_000).nodes["web-1"]).toEqual({
      lostSince: 5 - 100 - 1000,
      wellSince: null,
      idleSince: null,
      tries: 2,
      triedAt: 5 - 50 - 1000,
      startingSince: 5 - 10 - 1000,
      offAt: 5 - 20 - 1000,
    });
  });

  test("a wall clock that jumps ages nothing by years, and nothing backwards", () => {
    const text = serialize(state, 1000, 50_000);
    expect(deserialize(text, 0, 1e12).nodes["web-1"]?.lostSince).toBe(-100 - 3_600_000);
    expect(deserialize(text, 0, 0).nodes["web-1"]?.lostSince).toBe(-100);
  });

  test.each([
    "",
    "{",
    "null",
    "{}",
    '{"schema":1}',
    '{"schema":1,"wall":1,"nodes":{"a":{"lost":-5}}}',
    '{"schema":1,"wall":1,"nodes":{"a":{"tries":1.5}}}',
  ])("garbled as %j it is left out, with a reason", (text) => {
    const file = join(folder, "garbled.json");
    writeFileSync(file, text);
    const loaded = new Store(file).load(0, 0);
    expect(loaded.state).toBe(freshState);
    expect(loaded.problem).not.toBe(null);
  });

  test("missing is no problem; one that can't be written is told and nothing more", () => {
    expect(new Store(join(folder, "none.json")).load(0, 0)).toEqual({ state: freshState, problem: null });
    expect(new Store("/proc/nowhere/state.json").save(state, 0, 0)).not.toBe(null);
    const file = join(folder, "state.json");
    const store = new Store(file);
    expect(store.save(state, 1000, 0)).toBe(null);
    const written = readFileSync(file, "utf8");
    // Nothing but ages has changed: no write for each round.
    expect(store.save(state, 2000, 1000)).toBe(null);
    expect(readFileSync(file, "utf8")).toBe(written);
  });
});

describe("the rest", () => {
  test("Docker's words for power", () => {
    expect(["running", "paused", "restarting", "exited", "created", "dead"].map(powerOf)).toEqual([
      "running",
      "paused",
      "busy",
      "off",
      "off",
      "off",
    ]);
  });

  test("metrics are in Prometheus' text form", () => {
    const metrics = new Metrics("dev", "warden-1");
    metrics.count("hotspare_warden_events_total", 'event="promote"');
    const lines = metrics.text().trimEnd().split("\n");
    for (const line of lines) expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+\{[^}]*\} [\d.]+)$/);
    expect(lines).toContain(
      'hotspare_warden_events_total{cluster="dev",warden="warden-1",event="promote"} 1',
    );
  });

  test("events are told in sentences; what is no event isn't told", () => {
    const line = { schema: 1, time: "2026-01-02T03:04:05.678Z", warden: "warden-1", why: "its checks fail" };
    const event = parseEvent(JSON.stringify({ ...line, event: "lost", node: "web-2" }));
    expect(event && sentence(event)).toMatch(/:04:05\.678 {2}warden-1 {2}.*web-2 is lost: its checks fail/);
    for (const none of ["", "node: bad option", "{", '{"schema":2}']) expect(parseEvent(none)).toBe(null);
  });
});
