import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StackInput } from "../../../../components/model/spec.ts";
import { compare } from "../../../../components/review/compare/index.ts";
import type { ClusterChange, FileChange } from "../../../../components/review/compare/types.ts";
import type { PlanDocument } from "../../../../components/review/document.ts";
import { maskText } from "../../../../components/review/masks.ts";
import { arbitraryRevisions, documentOf } from "../../../support/plan-documents.ts";
import { arbitraryStack } from "../../../support/specs.ts";
import { dev, drawn } from "./told.ts";

/* What holds for every pair of plans. */

const pairs = { numRuns: 40 };
const copy = (document: PlanDocument) => structuredClone(document);
const documentsOf = ([before, after]: readonly [StackInput, StackInput]) =>
  [documentOf(before), documentOf(after)] as const;
const keys = (change: ClusterChange, action: string) =>
  change.machines.filter((machine) => machine.action === action).map(({ key }) => key);

describe("a comparison", () => {
  it("of a plan with itself finds nothing", () => {
    fc.assert(
      fc.property(arbitraryStack(), (stack) => {
        const document = documentOf(stack);
        const change = compare(document, copy(document));
        expect(change).toMatchObject({
          kind: "unchanged",
          sentences: [],
          machines: [],
          pools: [],
          settings: [],
        });
        expect(change).toMatchObject({ files: [], rollout: [], warnings: { added: [], gone: [] } });
        expect(change.topology.before).toEqual(change.topology.after);
      }),
      pairs,
    );
  });

  it("is the same for the same plans", () => {
    fc.assert(
      fc.property(arbitraryRevisions, (revisions) => {
        const [before, after] = documentsOf(revisions);
        expect(JSON.stringify(compare(copy(before), copy(after)))).toBe(
          JSON.stringify(compare(before, after)),
        );
      }),
      pairs,
    );
  });

  it("says something whenever something is another", () => {
    fc.assert(
      fc.property(arbitraryRevisions, (revisions) => {
        const [before, after] = documentsOf(revisions);
        const change = compare(before, after);
        if (change.machines.length + change.files.length + change.settings.length + change.pools.length === 0)
          return;
        expect(change.kind).toBe("changed");
        expect(change.sentences.length).toBeGreaterThan(0);
        expect(
          change.sentences.filter(({ text }) => /undefined|NaN|null|\[object|Infinity/.test(text)),
        ).toEqual([]);
        if (change.machines.length > 0) expect(change.rollout.length).toBeGreaterThan(0);
      }),
      pairs,
    );
  });

  it("the other way round swaps what comes and what goes, and changes the same machines", () => {
    fc.assert(
      fc.property(arbitraryRevisions, (revisions) => {
        const [before, after] = documentsOf(revisions);
        const [there, back] = [compare(before, after), compare(after, before)];
        expect(keys(back, "removed")).toEqual(keys(there, "added"));
        expect(keys(back, "added")).toEqual(keys(there, "removed"));
        expect(keys(back, "replaced")).toEqual(keys(there, "replaced"));
        expect(keys(back, "updated")).toEqual(keys(there, "updated"));
        expect(back.warnings.added).toEqual(there.warnings.gone);
        expect(back.files.map(growth)).toEqual(
          there.files.map(growth).map(([path, lines]) => [path, -lines || 0]),
        );
      }),
      pairs,
    );
  });

  it("accounts for every machine", () => {
    fc.assert(
      fc.property(arbitraryRevisions, (revisions) => {
        const [before, after] = documentsOf(revisions);
        const change = compare(before, after);
        const all = new Set([before, after].flatMap(({ plan }) => machineKeys(plan)));
        expect(change.machines.length + change.machinesUnchanged).toBe(all.size);
      }),
      pairs,
    );
  });

  it("shows every line of every file that is another", () => {
    fc.assert(
      fc.property(arbitraryRevisions, (revisions) => {
        const [before, after] = documentsOf(revisions);
        const { files } = compare(before, after);
        for (const { machine, path } of [before, after].flatMap(filesOf)) {
          const [old, now] = [lines(before, machine, path), lines(after, machine, path)];
          const change = files.find((file) => file.path === path && file.machines.includes(machine));
          const shown = new Set(change?.hunks.flatMap((hunk) => hunk.lines));
          const missing = [...unlike(old, now, "-"), ...unlike(now, old, "+")].filter(
            (line) => !shown.has(line),
          );
          expect(missing).toEqual([]);
        }
      }),
      pairs,
    );
  });
});

/** By how many lines a file grows; which of equal lines are taken for the new ones depends on the direction. */
const growth = ({ path, added, removed }: FileChange) => [path, added - removed || 0] as const;

function machineKeys({ balancers, nodes, wardens, door, filter }: PlanDocument["plan"]): string[] {
  return [...balancers, ...nodes, ...wardens, ...[door, filter].filter((one) => one !== null)].map(
    ({ key }) => key,
  );
}

/** The lines of one side that the other hasn't at all, as a diff shows them. */
function unlike(these: ReturnType<typeof lines>, others: ReturnType<typeof lines>, sign: string): string[] {
  const there = new Set(others.map(({ line }) => line));
  return these.flatMap(({ line, shown }) => (there.has(line) ? [] : [sign + shown]));
}

const filesOf = ({ machines }: PlanDocument) =>
  machines.flatMap(({ machine, files }) => files.map(({ path }) => ({ machine, path })));

/** The lines of a file, and how they are shown. */
function lines(document: PlanDocument, machine: string, path: string): { line: string; shown: string }[] {
  const files = document.machines.find((one) => one.machine === machine)?.files ?? [];
  const content = files.find((file) => file.path === path)?.content ?? "";
  if (typeof content !== "string" || content === "") return [];
  const of = (text: string) => text.replace(/\n$/, "").split("\n");
  const shown = of(maskText(content));
  return of(content).map((line, index) => ({ line, shown: shown[index] ?? "" }));
}

describe("a thousand nodes", () => {
  const network = { subnet: "10.64.0.0/16" } as const;
  const large = (fields: object) => dev({ network, pools: { web: { active: 1000, ...fields } } });
  const weights = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`web-${2 * index + 1}`, 3]));
  const hash = { algorithm: { kind: "consistent-hash", key: "uri" } };

  it.each([
    ["the same", large({}), large({})],
    ["half of them new", large({ active: 500 }), large({})],
    ["every second with another weight", large(hash), large({ ...hash, weights })],
    ["all replaced", large({}), large({ cpus: 1 })],
    [
      "all elsewhere",
      large({}),
      dev({ network: { subnet: "10.65.0.0/16" }, pools: { web: { active: 1000 } } }),
    ],
  ])("%s: compared in less than half a second of one core, with a small picture", (_, before, after) => {
    // Not by the clock: what else this machine does is no fault of the comparison.
    const started = process.cpuUsage();
    const change = compare(before, after);
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1000).toBeLessThan(500);
    expect(drawn(change.topology.after).length).toBeLessThan(2000);
  });
});
