import { stripVTControlCharacters } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import type { PlanDocument } from "../../../components/review/document.ts";
import { reviewEngine } from "../../../components/review/engine/review.ts";
import type { Review } from "../../../components/review/types.ts";
import { assemble } from "../../../scripts/review/assemble.ts";
import { resolveRef } from "../../../scripts/review/git.ts";
import { formats, print } from "../../../scripts/review/print/index.ts";
import { type Canary, canaries, leaked } from "../../support/canaries.ts";
import { afterRun, aPull, post, reportFolder } from "../../support/github-run.ts";
import { GitHubStub } from "../../support/github-stub.ts";
import { documentOf } from "../../support/plan-documents.ts";

/*
 * 1,000 secrets through the whole of a review: half are marked, as the engine marks them, and half stand unmarked in files, settings,
 * environments, reasons, refs and messages. None may come out anywhere, and none may hide the changes beside it.
 */

const all = canaries(1000, 20_261_125);
const marked = all.filter((_, index) => index % 2 === 0);
const unmarked = all.filter((_, index) => index % 2 === 1);

/** Every eighth goes to one place, so that each place gets secrets of each form. */
const share = (place: number): Canary[] => unmarked.filter((_, index) => index % 8 === place);
const [confs, envs, acknowledged, settings, errors, policies, failures, refs] = Array.from(
  { length: 8 },
  (_, place) => share(place),
) as [Canary[], Canary[], Canary[], Canary[], Canary[], Canary[], Canary[], Canary[]];

/** Lines of no secret that change, as files of a machine have them. */
const plainLines = (index: number, revision: number): string[] => [
  `proxy_read_timeout ${index}${revision}s;`,
  `upstream pool_${index} { server 10.${revision}.0.${index % 250}:8080 weight=${index}; }`,
  `# token bucket ${index} of revision ${revision}, see password_policy.md`,
  `location /revision-${revision}/${index}/ { proxy_pass http://pool_${index}; }`,
  `"hosts-${index}": ["web-${revision}.example.test"], "keepalive": ${index}${revision},`,
];

/** A file in which a secret stands amid plain lines; everything in it changes. */
function fileWith(canary: Canary, index: number, revision: number): string {
  const [first, second, ...rest] = plainLines(index, revision);
  return [first, second, canary.text, ...rest, ""].join("\n");
}

const plain = confs.flatMap((_, index) => [...plainLines(index, 1), ...plainLines(index, 2)]);

function planned(revision: 1 | 2): PlanDocument {
  // The second revision has every secret too, but none where the first one has it.
  const turned = <T>(list: readonly T[]): T[] => [
    ...list.slice(revision - 1),
    ...list.slice(0, revision - 1),
  ];
  const stack = {
    name: "dev",
    environment: "development",
    platform: { kind: "docker" },
    balancer: { kind: "nginx", count: 2 },
    pools: {
      web: {
        active: revision === 1 ? 5 : 2,
        environment: Object.fromEntries(
          turned(envs).flatMap(({ secret, text }, index) => [
            [`DB_PASSWORD_${index}`, secret],
            [`SETTING_${index}`, text],
          ]),
        ),
      },
    },
    routes: [{ path: "/", pool: "web" }],
  };
  const document = documentOf(stack);
  const files = turned(confs).map((canary, index) => ({
    path: `conf.d/${index}.conf`,
    mode: "0644",
    content: fileWith(canary, index, revision),
  }));
  return {
    ...document,
    plan: {
      ...document.plan,
      // Settings that a later revision of the kit may have: a comparison shows them by their names.
      tier: { ...document.plan.tier, extra: turned(settings).map(({ text }) => text) } as never,
      warnings: turned(settings).map(({ text }, index) => ({
        code: "pool.no-cover",
        path: `pools.web.${index}`,
        message: text,
        hint: "change it",
      })),
    },
    acknowledged: acknowledged.map(({ text }) => ({ code: "risk.capacity-halved", reason: text })) as never,
    machines: document.machines.map((one) =>
      one.machine === "lb-1" ? { ...one, files: [...one.files, ...files] } : one,
    ),
  };
}

const markedValue = (secret: string) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(secret),
});

/** What the engine says: a resource for each marked secret, an error and a policy's word for some of the unmarked. */
function events(): unknown[] {
  const type = "docker:index/container:Container";
  const steps = marked.map(({ secret }, index) => {
    const urn = `urn:pulumi:dev::hotspare::${type}::app-${index}`;
    const side = (revision: number, value: unknown) => ({
      urn,
      type,
      id: "id",
      parent: "",
      provider: "",
      inputs: { release: `r${revision}`, content: value, nested: [{ deep: value }] },
      outputs: { content: value },
    });
    return {
      resourcePreEvent: {
        metadata: {
          op: index % 3 === 0 ? "replace" : "update",
          urn,
          type,
          old: side(1, markedValue(`${secret}old`)),
          new: side(2, markedValue(secret)),
          keys: index % 3 === 0 ? ["content"] : [],
          diffs: ["content", "nested", "release"],
          detailedDiff: null,
        },
      },
    };
  });
  return [
    ...steps,
    ...errors.map(({ text }) => ({
      diagnosticEvent: { urn: "", message: text, color: "never", severity: "error" },
    })),
    ...policies.map(({ text }) => ({
      policyEvent: {
        message: text,
        policyName: "p",
        policyPackName: "pack",
        policyPackVersion: "1",
        enforcementLevel: "advisory",
      },
    })),
    { summaryEvent: { isPreview: true, resourceChanges: {}, result: "failed" } },
  ];
}

let reviews: Review[];
beforeAll(() => {
  const engine = reviewEngine({ events: events(), state: null });
  const commit = "1234567890abcdef1234567890abcdef12345678";
  const revisions = refs.map(({ text }) => ({
    base: { ref: text, commit, dirty: false },
    head: { ref: text, commit, dirty: true },
  }));
  const common = { stack: "dev", engine: null, failures: [], namesake: null };
  const both = {
    before: { kind: "planned", document: planned(1) },
    after: { kind: "planned", document: planned(2) },
  } as const;
  reviews = [
    assemble({ ...common, ...both, ...(revisions[0] as (typeof revisions)[0]), engine }),
    // A review has one pair of refs and one failure a side, so the others get reviews of their own.
    ...refs.map((_, index) => {
      const [base, head] = [failures[index % failures.length], failures.at(-1 - (index % failures.length))];
      return assemble({
        ...common,
        before: { kind: "failed", message: base?.text ?? "" },
        after: { kind: "failed", message: `the stack says:\n${head?.text}` },
        ...(revisions[index] as (typeof revisions)[0]),
      });
    }),
  ];
});

/** Secrets of which eight characters in a row show. The text is cut up once: to search it for each piece takes minutes. */
function leaks(text: string): object[] {
  const pieces = new Set<string>();
  for (let at = 0; at + 8 <= text.length; at += 1) pieces.add(text.slice(at, at + 8));
  return all.flatMap(({ form, secret }) => {
    const piece = piecesOf(secret).find((one) => pieces.has(one));
    return piece === undefined ? [] : [{ form, piece }];
  });
}

const piecesOf = (secret: string): string[] =>
  secret
    .split("\n")
    .flatMap((part) =>
      Array.from({ length: Math.max(0, part.length - 7) }, (_, at) => part.slice(at, at + 8)),
    );

/** What a file means that has gone through JSON or HTML: their escapes would hide a secret from the search. */
const readers = {
  terminal: (text: string) => stripVTControlCharacters(text).replace(/\n */g, " "),
  markdown: (text: string) => text.replace(/\\([^\w\s])/g, "$1"),
  json: (text: string) => strings(JSON.parse(text)).join("\n"),
  html: (text: string) =>
    text
      .replaceAll("</span>", "\n")
      .replace(/<[^>]*>/g, "")
      .replace(/&(lt|gt|amp|quot|#39);/g, (_, name: string) => entities[name] as string),
};
const entities: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', "#39": "'" };

function strings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, field]) => [key, ...strings(field)]);
}

describe("of 1,000 secrets, half of them unmarked", { timeout: 120_000 }, () => {
  test.each(formats)("none is in the %s", async (format) => {
    const texts = await Promise.all(reviews.map((review) => print(review, format)));
    expect(leaks(texts.join("\n"))).toEqual([]);
    expect(leaks(texts.map(readers[format]).join("\n"))).toEqual([]);
  });

  test.each(["html", "json"] as const)("nearly all plain lines beside them are in the %s", async (format) => {
    const text = readers[format](await print(reviews[0] as Review, format));
    const lines = new Set(text.split("\n").map((line) => line.slice(1)));
    const shown = plain.filter((line) => lines.has(line));
    expect(shown.length / plain.length).toBeGreaterThanOrEqual(0.99);
  });

  test("none is in a pull request, in the log of who comments, or in what it throws", async () => {
    const stub = await GitHubStub.start();
    stub.pulls.push(aPull(7));
    const log: string[] = [];
    const env = afterRun(stub);
    const broken = failures.map(({ text }, index) => [`broken-${index}.json`, text] as const);
    const files = { "dev.json": reviews[0], ...Object.fromEntries(broken.slice(0, 20)) };
    const error = await post({ paths: [reportFolder(files)], env, tell: (line) => log.push(line) }).catch(
      (thrown: Error) => thrown,
    );
    await stub.stop();
    expect(error).toBeInstanceOf(Error);
    const said = [String(error), ...log, ...stub.comments.map(({ body }) => body)];
    expect(said.length).toBeGreaterThan(2);
    expect(leaks(readers.markdown(said.join("\n")))).toEqual([]);
  });

  test("a ref that git doesn't know is refused without the secret in it", async () => {
    for (const { secret, text } of canaries(1000, 5).filter(({ form }) => form.startsWith("git"))) {
      const error = await resolveRef("--base", text.replaceAll(" ", "/")).catch((thrown: Error) => thrown);
      expect(leaked(secret, String(error))).toBeNull();
    }
  });
});
