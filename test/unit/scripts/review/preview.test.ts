import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { askEngine } from "../../../../scripts/review/preview.ts";
import { Progress } from "../../../../scripts/toolchain/progress.ts";
import { temporaryFolder } from "../../../support/temporary.ts";

/*
 * What is said when the engine fails, dies or stops in the middle of a word. A stand-in speaks in its place: shell lines for each of its
 * commands.
 */

const urn = "urn:pulumi:dev::hotspare::docker:index/container:Container::dev-web-4";
const state = { version: 3, deployment: { resources: [] } };
const created = {
  resourcePreEvent: {
    metadata: {
      op: "create",
      urn,
      type: "docker:index/container:Container",
      old: null,
      new: {
        urn,
        type: "docker:index/container:Container",
        inputs: { name: "x" },
        outputs: {},
        parent: "",
        provider: "",
      },
      detailedDiff: null,
    },
  },
};
const ended = (result: string) => ({
  summaryEvent: {
    maybeCorrupt: false,
    durationSeconds: 1,
    resourceChanges: { create: 1 },
    PolicyPacks: {},
    isPreview: true,
    result,
  },
});
const wrong = (message: string) => ({
  diagnosticEvent: { urn: "", message, color: "never", severity: "error" },
});

const path = process.env.PATH;
let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  process.env.PATH = path;
});

interface Stand {
  /** Shell lines for `pulumi preview`. */
  readonly preview: string;
  readonly refresh?: string;
}

const say = (...events: object[]) => events.map((event) => `echo '${JSON.stringify(event)}'`).join("\n");
const savePlan = `while [ "$1" != --save-plan ]; do shift; done; echo '{"resourcePlans":{}}' > "$2"`;

async function ask({ preview, refresh = "exit 9" }: Stand, drift = false) {
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  const script = `#!/bin/sh
case "$1" in
stack) echo '${JSON.stringify(state)}' ;;
preview)
${preview}
;;
refresh)
${refresh}
;;
esac
`;
  writeFileSync(join(bin, "pulumi"), script);
  chmodSync(join(bin, "pulumi"), 0o755);
  process.env.PATH = `${bin}:${path}`;
  const scratch = { folder, signal: new AbortController().signal };
  const silent = new Progress(new Writable({ write: (_, __, done) => done() }), {});
  return askEngine({ stack: "dev", drift, scratch, progress: silent });
}

describe("the engine", () => {
  test("succeeds: its steps, and what a saved plan needs", async () => {
    const look = await ask({ preview: `${say(created, ended("succeeded"))}\n${savePlan}` });
    expect(look).toMatchObject({ failures: [], engine: { result: "succeeded", drift: null } });
    expect(look.engine?.steps.map(({ name, kind }) => [name, kind])).toEqual([["dev-web-4", "create"]]);
    expect(look.plan).toMatchObject({
      enginePlan: { resourcePlans: {} },
      steps: [{ urn, op: "create", before: null }],
    });
  });

  test("fails: its own words, what it had found out by then, and nothing to save", async () => {
    const look = await ask({
      preview: `${say(created, wrong("no Docker Engine answers"), ended("failed"))}\nexit 1`,
    });
    expect(look.failures).toEqual([
      { phase: "preview", message: expect.stringMatching(/^the engine failed: no Docker Engine answers/) },
    ]);
    expect(look.engine?.steps).toHaveLength(1);
    expect(look.plan).toBeNull();
  });

  test("dies in the middle of a line", async () => {
    const half = JSON.stringify(created).slice(0, 60);
    const look = await ask({ preview: `${say(created)}\nprintf '%s' '${half}'\nkill -KILL $$` });
    expect(look.failures).toEqual([
      { phase: "preview", message: expect.stringContaining("ends in the middle") },
    ]);
    expect(look.engine).toMatchObject({ result: "incomplete" });
    expect(look.plan).toBeNull();
  });

  test("says nothing at all", async () => {
    const look = await ask({ preview: "echo 'error: could not load plugin' >&2; exit 255" });
    expect(look.failures[0]?.message).toMatch(/could not load plugin.*255/s);
  });

  test("never shows a secret in its last words", async () => {
    const look = await ask({
      preview: `${say(wrong("login failed: password=hunter2hunter2"), ended("failed"))}\nexit 1`,
    });
    expect(JSON.stringify(look.failures)).toContain("login failed");
    expect(JSON.stringify(look)).not.toContain("hunter2hunter2");
  });

  test("drift that can't be looked for leaves the preview", async () => {
    const preview = `${say(created, ended("succeeded"))}\n${savePlan}`;
    const look = await ask({ preview, refresh: "echo 'error: no network' >&2; exit 1" }, true);
    expect(look.failures).toEqual([{ phase: "drift", message: expect.stringContaining("no network") }]);
    expect(look.engine).toMatchObject({ result: "succeeded", drift: null });
  });

  test("no drift is another answer than none asked for", async () => {
    const preview = `${say(created, ended("succeeded"))}\n${savePlan}`;
    const look = await ask({ preview, refresh: say(ended("succeeded")) }, true);
    expect(look).toMatchObject({ failures: [], engine: { drift: [] } });
  });
});
