import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { followOn, runOn } from "../../../../components/platform/metal/ssh.ts";

const target = {
  name: "s1",
  host: "192.0.2.11",
  port: 2222,
  user: "admin",
  jump: "gate",
  hostKey: "ssh-ed25519 AAAA",
  identity: "~/.ssh/id",
};
let folder: string;
const path = process.env.PATH;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hotspare-ssh-test-"));
  process.env.PATH = `${folder}${delimiter}${path}`;
});
afterEach(() => {
  process.env.PATH = path;
  rmSync(folder, { recursive: true });
});

function ssh(lines: string): void {
  writeFileSync(join(folder, "ssh"), `#!/bin/sh\n${lines}\n`);
  chmodSync(join(folder, "ssh"), 0o755);
}

const failing = (words: string, code = 255) => {
  ssh(`cat > /dev/null; echo ${JSON.stringify(words)} >&2; exit ${code}`);
  return runOn(target, "true", { timeout: 5000 });
};

describe("a command on a server", () => {
  test("is given what it reads, and its exit code is no error", async () => {
    ssh("cat; echo told >&2; exit 3");
    expect(await runOn(target, "cat", { timeout: 5000, stdin: "read" })).toEqual({
      exitCode: 3,
      stdout: "read",
      stderr: "told\n",
    });
  });

  test("goes to the server that the stack names, with its one key and by the way that it names", async () => {
    ssh('cat > /dev/null; printf "%s\\n" "$@"');
    const { stdout } = await runOn(target, "echo 'it'", { timeout: 5000 });
    const args = stdout.split("\n");
    expect(args).toEqual(
      expect.arrayContaining([
        "-p",
        "2222",
        "-l",
        "admin",
        "-J",
        "gate",
        "BatchMode=yes",
        "StrictHostKeyChecking=yes",
      ]),
    );
    expect(args).toContain("HostKeyAlgorithms=ssh-ed25519");
    expect(args).toContain("GlobalKnownHostsFile=/dev/null");
    expect(args.find((arg) => arg.endsWith("/.ssh/id"))).not.toContain("~");
    expect(stdout).toContain(`exec sudo -n sh -c 'echo '\\''it'\\'''`);
  });

  test.each([
    ["Host key verification failed.", /^s1: 192\.0\.2\.11 shows another host key than ssh\.hostKey says/],
    ["admin@192.0.2.11: Permission denied (publickey).", /^s1: 192\.0\.2\.11 doesn't let admin in/],
    ["ssh: Could not resolve hostname s1: Name or service not known", /^s1: there is no host 192\.0\.2\.11/],
    ["ssh: connect to host x port 22: Connection refused", /^s1: nothing answers SSH at 192\.0\.2\.11:2222/],
    ["ssh: connect to host x port 22: Connection timed out", /^s1: 192\.0\.2\.11:2222 can't be reached/],
    ["client_loop: send disconnect: Broken pipe", /^s1: the connection to 192\.0\.2\.11 broke \(client_loop/],
  ])("that ssh can't bring there is one sentence: %s", async (words, sentence) => {
    await expect(failing(words)).rejects.toThrow(sentence);
  });

  test("by an account that may not be root is one sentence, with the way out", async () => {
    await expect(failing("sudo: a password is required", 1)).rejects.toThrow(
      "s1: admin may not use sudo without a password; allow it (`admin ALL=(ALL) NOPASSWD: ALL`), or log in as root",
    );
  });

  test("that goes on is handed over line by line, and a connection that breaks is an error", async () => {
    const lines: string[] = [];
    ssh('printf "one\\ntwo\\n"');
    await followOn(target, "tail -F log", (line) => lines.push(line));
    expect(lines).toEqual(["one", "two"]);
    ssh("echo three; echo 'Connection refused' >&2; exit 255");
    await expect(followOn(target, "tail -F log", (line) => lines.push(line))).rejects.toThrow(
      "s1: nothing answers SSH at 192.0.2.11:2222",
    );
    expect(lines).toEqual(["one", "two", "three"]);
  });

  test("that takes too long is given up, and one that is cancelled too", async () => {
    ssh("exec sleep 20");
    await expect(runOn(target, "true", { timeout: 200 })).rejects.toThrow("s1 has not answered within 0.2 s");
    const controller = new AbortController();
    const running = runOn(target, "true", { timeout: 20_000, signal: controller.signal });
    controller.abort();
    await expect(running).rejects.toThrow("s1: given up");
  });
});
