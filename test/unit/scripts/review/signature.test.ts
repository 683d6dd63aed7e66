import { generateKeyPairSync } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { exitCodes } from "../../../../scripts/exit.ts";
import {
  hashOf,
  readSavedPlan,
  type SavedPlan,
  savedPlanSchema,
  writeSavedPlan,
} from "../../../../scripts/review/saved/document.ts";
import { takeSigningKey, trustedKeys } from "../../../../scripts/review/saved/signature.ts";
import { refusal } from "../../../support/refusal.ts";
import { temporaryFolder } from "../../../support/temporary.ts";

const plan: SavedPlan = {
  schema: savedPlanSchema,
  stack: "dev",
  owner: "0123abcd",
  head: { commit: "a".repeat(40), dirty: false },
  verdict: "changed",
  tools: { node: "24.21.0" },
  program: { "stacks/dev.ts": "1" },
  rendered: {},
  steps: [],
  enginePlan: {},
};

function pair(type: "ed25519" | "ed448" = "ed25519") {
  const { privateKey, publicKey } = generateKeyPairSync(type as "ed25519");
  return {
    secret: String(privateKey.export({ type: "pkcs8", format: "pem" })),
    open: String(publicKey.export({ type: "spki", format: "pem" })),
  };
}

const [ours, theirs] = [pair(), pair()];
const signing = (secret: string) => takeSigningKey({ HOTSPARE_PLAN_SIGNING_KEY: secret });
const trusting = (...keys: string[]) => trustedKeys({ HOTSPARE_PLAN_PUBLIC_KEY: keys.join("") });

/** A saved plan, signed with a key; then as somebody else makes it. */
function saved(secret: string | null, forge: (file: Record<string, unknown>) => unknown = (whole) => whole) {
  const file = join(temporaryFolder(), "plan.json");
  writeSavedPlan(file, plan, secret === null ? null : signing(secret));
  writeFileSync(file, JSON.stringify(forge(JSON.parse(readFileSync(file, "utf8")))));
  return file;
}

describe("a signed plan", () => {
  test("is read by whoever trusts its key, among others, and by whoever asks for none", () => {
    const file = saved(ours.secret);
    expect(readSavedPlan(file, trusting(theirs.open, ours.open))).toEqual(plan);
    expect(readSavedPlan(file)).toEqual(plan);
  });

  test.each<[string, string | null, (file: Record<string, unknown>) => unknown, RegExp]>([
    ["that nobody has signed", null, (file) => file, /signed by nobody/],
    ["of another key", theirs.secret, (file) => file, /not signed with a key/],
    [
      "with another content, a new seal and the old signature",
      ours.secret,
      ({ seal: _, signature, ...rest }) => {
        const other = { ...rest, stack: "production" };
        return { ...other, seal: hashOf(other), signature };
      },
      /not signed with a key/,
    ],
    [
      "of another key under the name of ours",
      theirs.secret,
      (file) => ({
        ...file,
        signature: {
          ...(file.signature as object),
          key: (JSON.parse(readFileSync(saved(ours.secret), "utf8")) as { signature: { key: string } })
            .signature.key,
        },
      }),
      /not signed with a key/,
    ],
    [
      "whose signature is no signature",
      ours.secret,
      (file) => ({ ...file, signature: { ...(file.signature as object), value: "AAAA" } }),
      /not signed with a key/,
    ],
    ["whose signature was taken away", ours.secret, ({ signature: _, ...file }) => file, /signed by nobody/],
  ])("%s is refused", (_, secret, forge, words) => {
    const error = refusal(() => readSavedPlan(saved(secret, forge), trusting(ours.open)));
    expect(error.message).toMatch(words);
    expect(error.exitCode).toBe(exitCodes.planRefused);
  });
});

describe("keys", () => {
  test("come from a file too, and leave the environment before anything is started", () => {
    const file = join(temporaryFolder(), "plan.key");
    writeFileSync(file, ours.secret);
    const env = { HOTSPARE_PLAN_SIGNING_KEY_FILE: file, PATH: "/bin" };
    expect(takeSigningKey(env)?.asymmetricKeyType).toBe("ed25519");
    expect(env).toEqual({ PATH: "/bin" });
  });

  test("need not be there; what CIs set for a secret that isn't is none", () => {
    expect(takeSigningKey({ HOTSPARE_PLAN_SIGNING_KEY: "" })).toBeNull();
    expect(trustedKeys({ HOTSPARE_PLAN_PUBLIC_KEY: "" })).toBeNull();
  });

  test.each([
    ["rubbish", () => signing("rubbish"), "HOTSPARE_PLAN_SIGNING_KEY: it holds no key"],
    ["of another kind", () => signing(pair("ed448").secret), "holds a key of type ed448"],
    ["rubbish to verify with", () => trusting("rubbish"), "HOTSPARE_PLAN_PUBLIC_KEY: it holds no public key"],
    ["a private one to verify with", () => trusting(ours.secret), "holds no public key"],
    [
      "a file that isn't there",
      () => takeSigningKey({ HOTSPARE_PLAN_SIGNING_KEY_FILE: "/nowhere" }),
      "HOTSPARE_PLAN_SIGNING_KEY_FILE: it can't be read (ENOENT)",
    ],
  ])("%s: said with the way out, without the key", (_, read, words) => {
    const error = refusal(read);
    expect(error.message).toContain(words);
    expect(error.message).toContain("openssl genpkey");
    expect(error.message).not.toContain("BEGIN");
    expect(error.exitCode).toBe(exitCodes.usage);
  });
});
