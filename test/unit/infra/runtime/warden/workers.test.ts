import { describe, expect, test } from "vitest";
import { cronTimes } from "../../../../../components/model/cron.ts";
import { ticksBetween } from "../../../../../infra/runtime/warden/rules/due.ts";
import {
  decideWorkers,
  freshWorkers,
  type WorkerConfig,
  type WorkerSeen,
  type WorkersState,
} from "../../../../../infra/runtime/warden/rules/workers.ts";
import { Workers } from "../../../../../infra/runtime/warden/workers.ts";

const timers = { coldAfter: 500, restart: { after: 2000, unhealthyAfter: 10_000, backoff: 5000 } };
const start = Date.UTC(2026, 0, 1, 12);
const timesOf = (line: string) => {
  const times = cronTimes(line);
  if (times === null) throw new Error(`${line} is no cron line`);
  return times;
};
const container = (state: string, more: Partial<WorkerSeen> = {}): WorkerSeen => ({
  state,
  unhealthy: false,
  created: start - 1000,
  exitCode: null,
  busy: false,
  ...more,
});

/** Looks at the same things at several moments (ms), and says what was done at each. */
function looks(
  config: Readonly<Record<string, WorkerConfig>>,
  seen: (at: number) => Readonly<Record<string, WorkerSeen>>,
  moments: readonly number[],
  leased = false,
): string[] {
  let state: WorkersState = freshWorkers;
  return moments.flatMap((at) => {
    const decision = decideWorkers(state, config, seen(at), { timers, leased, now: at, wall: start + at });
    state = decision.state;
    return decision.actions.map(
      ({ verb, key, tick }) => `${at} ${verb} ${key}${tick === undefined ? "" : ` ${tick - start}`}`,
    );
  });
}

describe("cron lines", () => {
  const ticks = (line: string, from: string, to: string, zone = "UTC") =>
    ticksBetween(timesOf(line), zone, Date.parse(from), Date.parse(to)).map((tick) =>
      new Date(tick).toISOString(),
    );

  test("are due at whole minutes, or at seconds where they say so", () => {
    expect(ticks("*/20 12 * * *", "2026-01-01T12:00:00Z", "2026-01-01T14:00:00Z")).toEqual([
      "2026-01-01T12:20:00.000Z",
      "2026-01-01T12:40:00.000Z",
    ]);
    expect(ticks("*/30 * * * * *", "2026-01-01T12:00:00Z", "2026-01-01T12:01:00Z")).toEqual([
      "2026-01-01T12:00:30.000Z",
      "2026-01-01T12:01:00.000Z",
    ]);
  });

  test("go by their zone, with an hour that is left out and one that comes twice", () => {
    const berlin = (day: string) =>
      ticks("30 2 * * *", `${day}T00:00:00Z`, `${day}T04:00:00Z`, "Europe/Berlin");
    expect(berlin("2026-01-01")).toEqual(["2026-01-01T01:30:00.000Z"]);
    expect(berlin("2026-03-29")).toEqual([]);
    expect(berlin("2026-10-25")).toEqual(["2026-10-25T00:30:00.000Z", "2026-10-25T01:30:00.000Z"]);
  });

  test("with a day of the month and a weekday want either, with one of them that one", () => {
    // 2026-01-01 is a Thursday.
    const days = (line: string) =>
      ticks(line, "2026-01-01T00:00:00Z", "2026-01-09T00:00:00Z").map((tick) => tick.slice(8, 10));
    expect(days("0 12 5 * thu")).toEqual(["01", "05", "08"]);
    expect(days("0 12 * * 7")).toEqual(["04"]);
    expect(days("0 12 5-6 * *")).toEqual(["05", "06"]);
  });

  test.each([
    "",
    "* * * *",
    "60 * * * *",
    "* 24 * * *",
    "*/0 * * * *",
    "5-1 * * * *",
    "* * 0 * *",
    "a * * * *",
  ])("%j is none", (line) => expect(cronTimes(line)).toBeNull());
});

describe("a worker", () => {
  const config = { "mail-1": { kind: "worker", of: "mail" } } as const;

  test("that was stopped is started, and one that is unhealthy is started again, each after its time", () => {
    expect(looks(config, () => ({ "mail-1": container("exited") }), [0, 1900, 2100, 3000, 7200])).toEqual([
      "2100 start mail-1",
      "7200 start mail-1",
    ]);
    const sick = container("running", { unhealthy: true });
    expect(looks(config, () => ({ "mail-1": sick }), [0, 9900, 10_100])).toEqual(["10100 restart mail-1"]);
  });

  test("is left alone while somebody changes the cluster", () => {
    expect(looks(config, () => ({ "mail-1": container("exited") }), [0, 5000], true)).toEqual([]);
  });
});

describe("a singleton", () => {
  const config = {
    "in-1": { kind: "singleton", of: "in" },
    "in-2": { kind: "singleton", of: "in" },
  } as const;

  test("whose one ends is taken over by the other, and by the first again when that one ends", () => {
    const seen = (at: number) => ({
      "in-1": container(at < 1000 ? "running" : "exited"),
      "in-2": container(at >= 1700 && at < 20_000 ? "running" : "created"),
    });
    expect(looks(config, seen, [0, 1000, 1400, 1600, 1800, 20_000, 20_600])).toEqual([
      "1600 start in-2",
      "20600 start in-1",
    ]);
  });

  test("that goes round in crashes is stopped before the other starts", () => {
    const seen = (at: number) => ({
      "in-1": container(at < 2000 ? "restarting" : "exited"),
      "in-2": container("created"),
    });
    expect(looks(config, seen, [0, 600, 2000, 2600])).toEqual(["600 stop in-1", "2600 start in-2"]);
  });

  test("of which two run keeps the first", () => {
    const seen = () => ({ "in-1": container("running"), "in-2": container("running") });
    expect(looks(config, seen, [0])).toEqual(["0 stop in-2"]);
  });
});

describe("a scheduled one", () => {
  const config = (startWithin = 60_000): Record<string, WorkerConfig> => ({
    "tick-1": { kind: "scheduled", of: "tick", zone: "UTC", startWithin, times: timesOf("* * * * * *") },
  });

  test("is asked for when it is due, and again after a pause until somebody has started it", () => {
    const seen = () => ({ "tick-1": container("created", { created: start }) });
    expect(looks(config(), seen, [500, 1000, 1250, 5750, 6000, 6250])).toEqual([
      "1000 start tick-1 1000",
      "6000 start tick-1 6000",
    ]);
    // One that mustn't be late is tried more often.
    expect(looks(config(1000), seen, [500, 1000, 1100, 1250])).toEqual([
      "1000 start tick-1 1000",
      "1250 start tick-1 1000",
    ]);
  });

  test("whose warden comes late starts once, and reports the others", () => {
    const decision = decideWorkers(
      { ...freshWorkers, until: { "tick-1": start } },
      config(1000),
      { "tick-1": container("exited", { exitCode: 0 }) },
      { timers, leased: false, now: 0, wall: start + 5200 },
    );
    expect(decision.actions).toEqual([{ verb: "start", key: "tick-1", tick: start + 5000 }]);
    expect(decision.events.map(({ event, why }) => `${event}: ${why}`)).toEqual([
      "run-missed: 4 from 2026-01-01T12:00:01.000Z on: nobody could start them in time",
    ]);
  });

  test("is started once for each time by two wardens, of which one hears that the other has", async () => {
    const asked: string[] = [];
    const said: string[] = [];
    let startedAt = 0;
    const http = {
      ask: async (method: string, path: string) => {
        if (path.endsWith("/json?all=1") || path.includes("?all=1"))
          return {
            status: 200,
            body: JSON.stringify([
              {
                Id: "a",
                State: "exited",
                Status: "Exited (3) 1 second ago",
                Created: (start - 1000) / 1000,
                Labels: { "hotspare.key": "tick-1" },
              },
            ]),
          };
        if (method === "GET")
          return {
            status: 200,
            body: JSON.stringify({ State: { StartedAt: new Date(startedAt).toISOString() } }),
          };
        const tick = Number(/tick=(\d+)/.exec(path)?.[1]);
        const status = startedAt >= tick ? 304 : 204;
        if (status === 204) startedAt = tick + 10;
        asked.push(`${status} ${tick - start}`);
        return { status, body: "" };
      },
    };
    const log = {
      say: (event: string) => void said.push(event),
      complain: (_: string, why: string) => void said.push(why),
    };
    const [one, two] = [0, 1].map(
      () => new Workers({ config: config(), timers, http, log, metrics: { count: () => undefined } }),
    ) as [Workers, Workers];
    const leads = { leads: true, leased: false };
    await one.look({ now: 0, wall: start }, leads);
    await two.look({ now: 0, wall: start }, leads);
    await Promise.all([one, two].map((warden) => warden.look({ now: 1000, wall: start + 1000 }, leads)));
    await new Promise(setImmediate);
    await one.look({ now: 1500, wall: start + 1500 }, leads);
    expect(asked).toEqual(["204 0", "204 1000", "304 1000"]);
    expect(said).toEqual(["run-started", "run-failed", "run-started", "run-failed"]);
  });

  /** A warden of its own; `list` and `started` answer when the test wants it. */
  function warden(list: () => Promise<unknown>, started: () => Promise<{ status: number; body: string }>) {
    const said: string[] = [];
    const asked: string[] = [];
    const listed = {
      Id: "a",
      State: "exited",
      Status: "Exited (3) 1 second ago",
      Created: start / 1000,
      Labels: { "hotspare.key": "tick-1" },
    };
    const http = {
      ask: async (method: string, path: string) => {
        if (method === "POST") {
          asked.push(path);
          return started();
        }
        if (!path.includes("?all=1"))
          return { status: 200, body: '{"State":{"StartedAt":"0001-01-01T00:00:00Z"}}' };
        await list();
        return { status: 200, body: JSON.stringify([listed]) };
      },
    };
    const log = {
      say: (event: string) => void said.push(event),
      complain: (_: string, why: string) => void said.push(why),
    };
    const one = new Workers({ config: config(), timers, http, log, metrics: { count: () => undefined } });
    const look = (at: number) => one.look({ now: at, wall: start + at }, { leads: true, leased: false });
    return { said, asked, look };
  }

  test("that can't be started is tried again after a pause, and has none once it was started", async () => {
    const answers = [500, 204, 204].map((status) => ({ status, body: "" }));
    const { said, asked, look } = warden(
      async () => undefined,
      async () => answers.shift() ?? { status: 500, body: "" },
    );
    for (const at of [1000, 1250, 1500, 6000, 6250, 7000]) {
      await look(at);
      await new Promise(setImmediate);
    }
    expect(asked.map((path) => Number(path.split("=")[1]) - start)).toEqual([1000, 6000, 7000]);
    expect(said.filter((event) => !event.startsWith("run-failed"))).toEqual([
      "start-failed",
      // Those of the pause.
      "run-missed",
      "run-started",
      "run-started",
    ]);
  });

  test("is not judged by a list that was made before its start had ended", async () => {
    const start = Promise.withResolvers<{ status: number; body: string }>();
    const list = Promise.withResolvers<void>();
    let lists = 0;
    const { said, look } = warden(
      async () => (++lists === 2 ? list.promise : undefined),
      () => start.promise,
    );
    await look(1000);
    const second = look(1250);
    start.resolve({ status: 204, body: "" });
    await new Promise(setImmediate);
    list.resolve();
    await second;
    expect(said).toEqual(["run-started"]);
  });
});
