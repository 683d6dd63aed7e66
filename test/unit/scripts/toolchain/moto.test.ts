import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, expect, test, vi } from "vitest";
import { ensureMoto, installPinned, motoRequirements } from "../../../../scripts/toolchain/moto.ts";
import { Progress } from "../../../../scripts/toolchain/progress.ts";
import { temporaryFolder, write } from "../../../support/temporary.ts";

afterEach(() => vi.unstubAllEnvs());

test("without Python it is said what is missing and what to do", async () => {
  vi.stubEnv("PATH", "/nonexistent");
  await expect(ensureMoto(new Progress({ write: () => true }))).rejects.toThrow(
    "need Python 3. Install python3 and try again.",
  );
});

test("every package of moto is pinned by its version and the digests of its files", () => {
  const entries = readFileSync(motoRequirements, "utf8").split(/\n(?=\S)/);
  expect(entries.length).toBeGreaterThan(30);
  for (const entry of entries)
    expect(entry).toMatch(/^[\w.-]+==\S+ .*\\\n( {4}--hash=sha256:[0-9a-f]{64}( \\)?\n?)+$/);
  expect(entries.some((entry) => entry.startsWith("moto=="))).toBe(true);
});

test("a package of another content is refused, and so is one without a digest", {
  timeout: 120_000,
}, async () => {
  const folder = temporaryFolder();
  // A wheel as small as pip takes it, where pip looks for packages.
  const wheel = join(folder, "of_a_test-1-py3-none-any.whl");
  const info = "of_a_test-1.dist-info";
  const files = {
    "of_a_test.py": "",
    [`${info}/METADATA`]: "Metadata-Version: 2.1\nName: of-a-test\nVersion: 1\n",
    [`${info}/WHEEL`]: "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    [`${info}/RECORD`]: "",
  };
  const zip = `import json, sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], "w") as z:\n  for n, t in json.loads(sys.argv[2]).items(): z.writestr(n, t)`;
  await execa("python3", ["-c", zip, wheel, JSON.stringify(files)]);
  vi.stubEnv("PIP_NO_INDEX", "1");
  vi.stubEnv("PIP_FIND_LINKS", folder);
  vi.stubEnv("PIP_TARGET", join(folder, "installed"));
  const digest = createHash("sha256").update(readFileSync(wheel)).digest("hex");
  const requirements = write(join(folder, "pins.txt"), `of-a-test==1 --hash=sha256:${digest}\n`);
  await installPinned("python3", requirements);
  writeFileSync(requirements, `of-a-test==1 --hash=sha256:${"0".repeat(64)}\n`);
  await expect(installPinned("python3", requirements)).rejects.toThrow(
    "what was downloaded as a package of moto is not what scripts/toolchain/moto.txt pins",
  );
  writeFileSync(requirements, "of-a-test==1\n");
  await expect(installPinned("python3", requirements)).rejects.toThrow("moto can't be installed");
});
