import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { labHostKey } from "../../../../scripts/lab/keys.ts";
import metal from "../../../../stacks/metal.ts";

test.each(Object.entries(metal.platform.servers))(
  "OpenSSH reads the key of %s, and the stack names it",
  (name, { ssh }) => {
    const folder = mkdtempSync(join(tmpdir(), "hotspare-key-"));
    const file = join(folder, "key");
    writeFileSync(file, labHostKey(name).private, { mode: 0o600 });
    try {
      const told = execFileSync("ssh-keygen", ["-y", "-f", file], { encoding: "utf8" });
      expect(told.trim()).toBe(`${ssh.hostKey} ${name}`);
      expect(labHostKey(name).public).toBe(ssh.hostKey);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
