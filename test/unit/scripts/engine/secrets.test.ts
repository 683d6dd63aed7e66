import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { engineFolderVariable } from "../../../../scripts/engine/folder.ts";
import {
  missingSecrets,
  mustHaveSecrets,
  namedSecrets,
  namesIn,
} from "../../../../scripts/engine/secrets.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hotspare-secrets-"));
  mkdirSync(join(folder, "stacks/config"), { recursive: true });
  process.env[engineFolderVariable] = folder;
});
afterEach(() => {
  delete process.env[engineFolderVariable];
  rmSync(folder, { recursive: true, force: true });
});

const settings = (text: string) =>
  writeFileSync(join(folder, "stacks/config/Pulumi.aws-production.yaml"), text);
const key = "balancer.listen.tls.certificate.key";
const certificate = "balancer.listen.tls.certificate.certificate";
const sentence = (path: string, name: string) =>
  `${path}: the secret "${name}" has no value; \`./hotspare secret set aws-production ${name}\` asks for it`;

describe("secrets without a value", () => {
  test("are all named, where there are no settings at all", () => {
    const all = [sentence(certificate, "tls-certificate"), sentence(key, "tls-key")];
    expect(missingSecrets("aws-production")).toEqual(all);
    expect(() => mustHaveSecrets("aws-production")).toThrow(all.join("\n"));
  });

  test("are those that the settings don't have", () => {
    settings("encryptionsalt: v1:x\nconfig:\n  hotspare:tls-key:\n    secure: v1:abc\n  aws:region: x\n");
    expect(missingSecrets("aws-production")).toEqual([sentence(certificate, "tls-certificate")]);
    expect(namedSecrets("aws-production")).toEqual([
      { name: "tls-certificate", path: certificate, set: false },
      { name: "tls-key", path: key, set: true },
    ]);
  });

  test("are left to the engine where an environment of Pulumi's may have them", () => {
    settings("environment:\n  - shop\n");
    expect(missingSecrets("aws-production")).toEqual([]);
    expect(namedSecrets("aws-production").map(({ set }) => set)).toEqual([null, null]);
  });

  test("none, where a stack names none", () => {
    expect(missingSecrets("dev")).toEqual([]);
  });
});

test("names in quotes count, those of other projects and in values don't", () => {
  expect(
    namesIn('config:\n  "hotspare:one": x\n  other:two: x\n  hotspare:three: "hotspare:four: x"\n'),
  ).toEqual(new Set(["one", "three"]));
});
