import fc from "fast-check";
import type { ClusterChange, FieldChange } from "../../components/review/compare/types.ts";
import type { EngineStep, PropertyChange, Shown } from "../../components/review/engine/types.ts";
import type { Risk } from "../../components/review/risks/types.ts";
import type { Review } from "../../components/review/types.ts";
import { clusterChange, engineReview, machine, review, scaled, step } from "./reviews.ts";

/*
 * Random reviews, whose names and messages try to be Markdown and HTML: whoever writes a pull request writes these.
 */

const hostile = fc.constantFrom(
  "</details>",
  "<details>",
  "<summary>",
  "```",
  "````\n",
  "~~~",
  "`",
  "``",
  "|",
  "\\|",
  "\\",
  "*",
  "**",
  "_",
  "__",
  "<script>alert(1)</script>",
  "<!--",
  "-->",
  "&lt;",
  "&#8203;",
  "](x)",
  "[a](javascript:b)",
  "![i](http://x.example/i.png)",
  "http://x.example",
  "www.x.example",
  "me@x.example",
  "@admin",
  "#12",
  "GH-1",
  ":tada:",
  "$x$",
  "\n\n# h\n",
  "\n- i\n",
  "\n> q",
  "\r\n",
  "\t",
  "\u202e",
  "\u0000",
  "\u200b",
  "🌈",
  "é",
  "日本",
  "<img src=x onerror=alert(1)>",
  "]]>",
  "</style>",
  "</main>",
  "\n```mermaid\n",
  "\n\n---\n\n",
  "1. ",
  "- ",
  "+ ",
  "=== ",
  "    ",
  "{a,b}",
  "$(x)",
  "a_b_c",
  "<b",
  "a<b>c",
  "&",
  "~x~",
);

/** Text of others at its worst. */
export const hostileText = fc
  .array(
    fc.oneof(
      hostile,
      fc.string({ unit: "grapheme", maxLength: 8 }),
      fc.constantFrom("web", " ", "-", "1", "pool"),
    ),
    {
      minLength: 1,
      maxLength: 8,
    },
  )
  .map((parts) => parts.join(""));

/** Names without white space, so that a test can find them again in what was written. */
export const plainName = fc.oneof(
  fc.tuple(fc.constantFrom("web-", "api-", "db"), fc.nat(40)).map(([prefix, n]) => `${prefix}${n}`),
  fc.stringMatching(/^[a-z0-9_.$'"*{},|`<>@#-]{1,14}$/),
);

const shown: fc.Arbitrary<Shown> = fc.oneof(
  hostileText.map((text) => ({ kind: "value" as const, text })),
  fc.constantFrom({ kind: "hidden" as const }, { kind: "unknown" as const }, { kind: "absent" as const }),
);

const property: fc.Arbitrary<PropertyChange> = fc.record({
  path: hostileText,
  kind: fc.constantFrom("add", "update", "delete"),
  replaces: fc.boolean(),
  before: shown,
  after: shown,
});

export const randomStep: fc.Arbitrary<EngineStep> = fc
  .record({
    name: plainName,
    type: fc.constantFrom(
      "docker:index/container:Container",
      "aws:ec2/instance:Instance",
      "odd",
      "pulumi:pulumi:Stack",
    ),
    component: fc.array(plainName, { maxLength: 3 }),
    kind: fc.constantFrom("create", "update", "replace", "delete", "read", "import", "discard", "other"),
    order: fc.constantFrom("create-first", "delete-first", null),
    causes: fc.array(
      hostileText.map((text) => ({ kind: "property" as const, from: null, properties: [], text })),
      { maxLength: 2 },
    ),
    properties: fc.array(property, { maxLength: 9 }),
    protected: fc.boolean(),
    holdsData: fc.boolean(),
    retained: fc.boolean(),
    opens: fc.array(
      fc.record({ protocol: fc.constantFrom("tcp", "udp"), from: fc.nat(65_535), to: fc.nat(65_535) }),
      {
        maxLength: 2,
      },
    ),
    failed: fc.boolean(),
  })
  .map((fields) => step({ ...fields, order: fields.kind === "replace" ? fields.order : null }));

const text = hostileText;
const field: fc.Arbitrary<FieldChange> = fc.record({
  path: text,
  before: fc.option(text),
  after: fc.option(text),
});
const sign = fc.constantFrom(" ", "+", "-");

const change: fc.Arbitrary<ClusterChange> = fc
  .record({
    sentences: fc.array(fc.record({ subject: text, text }), { maxLength: 4 }),
    machines: fc.array(
      fc.record({
        key: plainName,
        action: fc.constantFrom("added", "removed", "replaced", "updated"),
        reasons: fc.array(field, { maxLength: 3 }),
      }),
      { maxLength: 12 },
    ),
    settings: fc.array(field, { maxLength: 4 }),
    files: fc.array(
      fc.record({
        path: text,
        machines: fc.array(plainName, { maxLength: 6 }),
        lines: fc.array(
          fc.tuple(
            sign,
            text.map((line) => line.replace(/\n/g, " ")),
          ),
          { maxLength: 12 },
        ),
      }),
      { maxLength: 3 },
    ),
    rollout: fc.array(text, { maxLength: 2 }),
  })
  .map(({ sentences, machines, settings, files, rollout }) =>
    clusterChange({
      ...scaled,
      sentences,
      settings,
      machines: machines.map(({ key, action, reasons }) =>
        machine(key, { action, reasons, order: action === "replaced" ? "create-first" : null }),
      ),
      files: files.map(({ path, machines: on, lines }) => ({
        path,
        machines: on,
        kind: "changed" as const,
        mode: null,
        hunks: [
          {
            oldStart: 1,
            oldLines: 1,
            newStart: 1,
            newLines: 1,
            lines: lines.map(([head, rest]) => head + rest),
          },
        ],
        added: 1,
        removed: 1,
      })),
      rollout: rollout.map((step) => ({ text: step, lost: null, takes: null })),
    }),
  );

const risk: fc.Arbitrary<Risk> = fc.record({
  code: fc.constantFrom("risk.subnet-changed", "risk.keys-move"),
  severity: fc.constantFrom("danger", "warning", "notice"),
  path: text,
  message: text,
  hint: text,
  acknowledged: fc.option(text),
});

export const randomReview: fc.Arbitrary<Review> = fc
  .record({
    stack: fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/),
    ref: text,
    verdict: fc.constantFrom("unchanged", "changed", "destructive", "drift", "violated", "failed"),
    failures: fc.array(
      fc.record({ phase: fc.constantFrom("base", "head", "preview", "drift"), message: text }),
      { maxLength: 2 },
    ),
    change: fc.option(change),
    risks: fc.array(risk, { maxLength: 5 }),
    steps: fc.option(
      fc.uniqueArray(randomStep, {
        maxLength: 40,
        selector: ({ component, type, name }) => `${component}/${type}/${name}`,
      }),
    ),
    messages: fc.array(text, { maxLength: 3 }),
  })
  .map(({ ref, steps, messages, ...rest }) =>
    review({
      ...rest,
      base: { ref, commit: null, dirty: false },
      engine:
        steps === null
          ? null
          : engineReview(steps, {
              result: "failed",
              diagnostics: messages.map((message) => ({ severity: "error", urn: null, message })),
              policies: messages.map((message) => ({
                urn: null,
                policy: message,
                pack: message,
                level: "mandatory",
                message,
              })),
              drift: messages.map((message) => ({ urn: message, kind: "gone", properties: [] })),
            }),
    }),
  );
