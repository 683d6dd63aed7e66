import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { atWork, showWork, type WorkStep, withNews } from "../../../../scripts/live/at-work.ts";
import { Progress, type TaskNews } from "../../../../scripts/toolchain/progress.ts";
import { temporaryFolder } from "../../../support/temporary.ts";

const news = (
  title: string,
  detail: string,
  measure: string,
  state: TaskNews["state"] = "running",
): TaskNews => ({
  title,
  detail,
  measure,
  state,
});

test("a step keeps each of its phases once, in their order, with what was heard of it last", () => {
  const heard = [
    news("images", "", ""),
    news("images", "", "", "done"),
    news("pulumi up", "", ""),
    news("pulumi up", "gate", "1 of 3 new nodes pass"),
    news("pulumi up", "gate", "3 of 3 new nodes pass"),
    news("pulumi up", "ramp", "5 %"),
    news("pulumi up", "gate", "3 of 3 new nodes pass"),
  ];
  const steps = heard.reduce<readonly WorkStep[]>(withNews, []);
  expect(steps).toEqual([
    { title: "images", state: "done", phases: [], current: "" },
    {
      title: "pulumi up",
      state: "running",
      current: "gate",
      phases: [
        ["gate", "3 of 3 new nodes pass"],
        ["ramp", "5 %"],
      ],
    },
  ]);
  // The same once more is another step.
  expect(withNews(steps, news("images", "", "")).map(({ title }) => title)).toEqual([
    "images",
    "pulumi up",
    "images",
  ]);
});

test("what a command does is seen from outside while it runs, and gone with it", async () => {
  vi.stubEnv("XDG_STATE_HOME", temporaryFolder());
  vi.stubEnv("PULUMI_BACKEND_URL", "file:///somewhere");
  onTestFinished(() => void vi.unstubAllEnvs());
  const progress = new Progress({ write: () => true }, {});
  const shown = showWork("dev", "up", progress);
  const hold = Promise.withResolvers<void>();
  const task = progress.task("pulumi up", async (update) => {
    update("gate", "1 of 2 new nodes pass");
    await hold.promise;
  });
  await vi.waitFor(() => expect(atWork("dev")?.steps).toHaveLength(1), 10_000);
  expect(atWork("dev")).toMatchObject({
    pid: process.pid,
    command: "up",
    steps: [{ title: "pulumi up", state: "running", phases: [["gate", "1 of 2 new nodes pass"]] }],
  });
  hold.resolve();
  await task;

  // Of a command that was killed nothing is told.
  const folder = join(process.env.XDG_STATE_HOME ?? "", "hotspare/at-work");
  const [file = ""] = readdirSync(folder).filter((name) => name.endsWith(".json"));
  const left = JSON.parse(readFileSync(join(folder, file), "utf8"));
  shown.end();
  expect(existsSync(join(folder, file))).toBe(false);
  expect(atWork("dev")).toBeNull();
  writeFileSync(join(folder, file), JSON.stringify({ ...left, pid: 2 ** 22 + 1 }));
  expect(atWork("dev")).toBeNull();
});
