import { expect, test, vi } from "vitest";
import { commandLine } from "../../../../scripts/command-line.ts";
import { refuseLocked } from "../../../../scripts/engine/team-lock.ts";
import { UserError } from "../../../../scripts/exit.ts";

vi.mock("../../../../infra/stack-source.ts", async (original) => ({
  ...(await original<object>()),
  stackId: (word: string) => word,
}));
vi.mock("../../../../scripts/toolchain/ready.ts", () => ({ readyPulumi: async () => undefined }));
vi.mock("../../../../scripts/engine/team-lock.ts", () => ({ refuseLocked: vi.fn() }));

/* The lock itself, and the exit code, are tried in test/engine/memory.test.ts. */

test.each([
  ["volume", "web-1-data", "data.tar.gz"],
  ["accessory", "db", "db.sql"],
])("%s restore asks for nothing else where somebody has locked the stack", async (verb, what, file) => {
  vi.mocked(refuseLocked).mockRejectedValue(new UserError("locked", 7));
  const restored = (await commandLine(verb)).parseAsync([verb, "restore", "dev", what, file, "--yes"], {
    from: "user",
  });
  await expect(restored).rejects.toThrow(/^locked$/);
  expect(refuseLocked).toHaveBeenCalledWith("dev", "change its data");
});
