import { counted } from "../../../../components/model/words.ts";
import type { Risk } from "../../../../components/review/risks/types.ts";
import type { Review, Revision } from "../../../../components/review/types.ts";

import type { Report, Section, Text } from "./blocks.ts";
import { detailSections, meaningSections, sameText, topologySection } from "./change.ts";
import type { Depth } from "./depth.ts";
import { endangered, isRelease } from "./endangered.ts";
import { countsText, diagnosticsSection, driftSection, policySection, stepsSection } from "./engine.ts";
import { figuresSection, forecastSection } from "./figures.ts";
import { releaseWords, verdicts } from "./words.ts";

/** A review in words, for every printer. */
export function reportOf(review: Review, depth: Depth): Report {
  const { stack, verdict, change, engine } = review;
  const all = endangered(review);
  const release = verdict === "destructive" && isRelease(all);
  return {
    stack,
    heading: release ? releaseWords : verdicts[verdict],
    release,
    summary: summary(review),
    alarms: alarms(review),
    endangered: all,
    sections: [
      ...riskSection(
        "To consider",
        review.risks,
        ({ severity, acknowledged }) => severity === "warning" && acknowledged === null,
      ),
      ...(engine === null ? [] : driftSection(engine, depth)),
      ...(change === null
        ? []
        : [...meaningSections(change), ...figuresSection(change), ...topologySection(change)]),
      ...riskSection(
        "To know",
        review.risks,
        ({ severity, acknowledged }) => severity === "notice" && acknowledged === null,
        true,
      ),
      ...(change === null ? [] : detailSections(change, depth)),
      ...(engine === null ? [] : [...stepsSection(engine, depth), ...policySection(engine)]),
      ...(change === null ? [] : forecastSection(change)),
      ...riskSection("Acknowledged", review.risks, ({ acknowledged }) => acknowledged !== null, true),
      ...(engine === null ? [] : diagnosticsSection(engine)),
    ],
  };
}

function summary(review: Review): Text[] {
  const { base, head, change, engine, risks, failures } = review;
  const dangers = risks.filter(
    ({ severity, acknowledged }) => severity === "danger" && acknowledged === null,
  );
  const counts = [
    ...(engine === null ? [] : [countsText(engine, failures.length > 0)]),
    ...(change === null ? [] : changeCounts(change)),
    ...(dangers.length === 0 ? [] : [counted(dangers.length, "danger")]),
  ];
  return [
    ...(counts.length === 0 ? [] : [[{ strong: counts.join(" · ") }]]),
    [
      ...revisionText(base),
      " → ",
      ...revisionText(head),
      ...(engine === null ? ["; the engine was not asked"] : []),
    ],
    ...(change === null ? [] : sameText(change)),
    ...(review.confinement === null ? [] : [confinementText(review.confinement)]),
  ];
}

/** How far what the reviewed code has said of itself, and what it could reach meanwhile, can be trusted. */
function confinementText({ permissions, namespaces }: NonNullable<Review["confinement"]>): Text {
  const held = [
    "without the environment",
    ...(permissions ? ["with Node's permissions"] : []),
    ...(namespaces ? ["without network, other processes and other files"] : []),
  ];
  const missing = [
    ...(permissions ? [] : ["Node's permissions (an older kit starts programs to plan)"]),
    ...(namespaces ? [] : ["namespaces (this machine allows none)"]),
  ];
  return [
    `The stacks' code ran ${held.join(", ")}${missing.length === 0 ? "" : `; not in force: ${missing.join(", ")}`}`,
  ];
}

function changeCounts({ kind, machines, files }: NonNullable<Review["change"]>): string[] {
  const actions = ["removed", "replaced", "updated", "added"] as const;
  const parts = actions.flatMap((action) => {
    const number = machines.filter((machine) => machine.action === action).length;
    return number === 0 ? [] : [`${number} ${action}`];
  });
  return [
    ...(kind === "added" ? ["a new stack"] : kind === "removed" ? ["the stack is removed"] : []),
    ...(parts.length === 0 ? [] : [`machines: ${parts.join(", ")}`]),
    ...(files.length === 0
      ? []
      : [`${counted(files.length, "file")} differ${files.length === 1 ? "s" : ""}`]),
  ];
}

/** Digits of a commit's id that are enough to find it. */
const shortCommit = 9;

function revisionText({ ref, commit, dirty }: Revision): Text {
  const id = commit === null || commit.startsWith(ref) ? "" : ` (${commit.slice(0, shortCommit)})`;
  return [
    { code: ref.length === 40 ? ref.slice(0, shortCommit) : ref },
    id,
    dirty ? " with uncommitted changes" : "",
  ];
}

function alarms({ failures, engine, risks }: Review): Text[] {
  const phases = {
    base: "The base",
    head: "The head",
    preview: "The preview",
    drift: "The look for drift",
  } as const;
  const unsettled = risks.filter(
    ({ severity, acknowledged }) => severity === "danger" && acknowledged === null,
  );
  return [
    ...failures.map(({ phase, message }): Text => [{ strong: `${phases[phase]} failed` }, `: ${message}`]),
    ...(engine === null ? [] : engineAlarms(engine)),
    ...unsettled.map(riskText),
  ];
}

function engineAlarms({ result, diagnostics, policies }: NonNullable<Review["engine"]>): Text[] {
  const results = {
    failed: "The engine's preview failed",
    canceled: "The engine's preview was cancelled",
    incomplete: "The engine's preview ends in the middle",
  } as const;
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const mandatory = policies.filter(({ level }) => level === "mandatory");
  return [
    ...(result === "succeeded"
      ? []
      : [[{ strong: results[result] }, "; what it reported until then is below"]]),
    ...errors.map(({ message }): Text => [{ strong: "Error" }, `: ${message}`]),
    ...mandatory.map(
      ({ pack, policy, message }): Text => [
        { strong: "Policy" },
        " ",
        { code: `${pack}/${policy}` },
        `: ${message}`,
      ],
    ),
  ];
}

function riskText({ severity, code, path, message, hint, acknowledged }: Risk): Text {
  return [
    { strong: severity },
    " ",
    { code },
    ...(path === "" ? [] : [" at ", { code: path }]),
    `: ${message}`,
    ...(acknowledged === null ? [`; ${hint}`] : ["; accepted: ", { strong: acknowledged }]),
  ];
}

function riskSection(
  title: string,
  risks: readonly Risk[],
  which: (risk: Risk) => boolean,
  folded = false,
): Section[] {
  const found = risks.filter(which);
  if (found.length === 0) return [];
  return [
    { title: `${title} (${found.length})`, folded, blocks: [{ kind: "list", items: found.map(riskText) }] },
  ];
}
