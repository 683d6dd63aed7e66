import { afterEach, expect, test, vi } from "vitest";
import { ensureMoto } from "../../../../scripts/toolchain/moto.ts";
import { Progress } from "../../../../scripts/toolchain/progress.ts";

afterEach(() => vi.unstubAllEnvs());

test("without Python it is said what is missing and what to do", async () => {
  vi.stubEnv("PATH", "/nonexistent");
  await expect(ensureMoto(new Progress({ write: () => true }))).rejects.toThrow(
    "need Python 3. Install python3 and try again.",
  );
});
