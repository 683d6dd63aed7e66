import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { projectRoot } from "../../../../../infra/context.ts";

/*
 * What the program on servers does with images, by its own functions: in a folder of ours, beside an engine whose images are files. How it
 * delivers and removes the rest is tested on a Debian with systemd, in test/parsers/host.test.ts.
 */

let folder: string;
const at = (...path: string[]) => join(folder, ...path);

const engine = () => `#!/bin/sh
for last; do :; done
here="${at("engine")}/$(basename -- "$last" | tr : _)"
case "$1 $2" in
  "image inspect") [ -f "$here" ] && if [ "$3" = --format ]; then cat "$here"; fi ;;
  "image rm") rm "$here" ;;
  "load --quiet") cat > "${at("engine")}/api_2" ;;
  "pull --quiet") case "$3" in ghcr.io/*) echo amd64 > "$here" ;; *) exit 1 ;; esac ;;
esac
`;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hotspare-host-"));
  for (const name of ["bin", "engine", "bundle", "home"]) mkdirSync(at(name));
  const program = (name: string, text: string) => {
    writeFileSync(at("bin", name), text);
    chmodSync(at("bin", name), 0o755);
  };
  program("docker", engine());
  program("systemctl", "#!/bin/sh\n");
  program("dpkg", "#!/bin/sh\necho amd64\n");
  // The server had one before.
  writeFileSync(at("engine", "own_1"), "amd64\n");
  const whole = readFileSync(join(projectRoot, "infra/runtime/host/hotspare-host"), "utf8");
  const [functions = ""] = whole.split("# Nothing is done to another server");
  const moved = functions
    .replace(/^home=.*$/m, `home=${at("home")}`)
    .replace(/^images=.*$/m, `images=${at("images")}`);
  expect(moved).toContain(`images=${at("images")}`);
  writeFileSync(at("functions"), moved);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs lines after the program's functions, with its exit code and what it says. */
function run(
  lines: string,
  input: Buffer = Buffer.alloc(0),
): { readonly code: number; readonly said: string } {
  const env = { ...process.env, PATH: `${at("bin")}${delimiter}${process.env.PATH}` };
  const script = `. ${at("functions")}\nhere=${at("bundle")}\n${lines}`;
  try {
    return { code: 0, said: execFileSync("bash", ["-c", script], { env, input, stdio: "pipe" }).toString() };
  } catch (error) {
    const { status, stderr } = error as { status: number; stderr: Buffer };
    return { code: status, said: stderr.toString() };
  }
}

/** A delivery as far as images go. */
function deliver(image: string) {
  writeFileSync(at("bundle", "image"), `${image}\n`);
  return run(`
    own=$home/web-1; mkdir -p "$own"; with_image web-1
    rm -rf "$own/previous"; [ ! -d "$own/current" ] || mv -T "$own/current" "$own/previous"
    mkdir "$own/current"; cp "$here/image" "$own/current/"; touch "$own/manifest"
    forget_images web-1 "$(image_of "$own/current")" "$(image_of "$own/previous")"`);
}
const there = () => readdirSync(at("engine")).sort();
const send = (layers: string) => run("receive_image hotspare/api:2", gzipSync(layers));

test("an image that has not come is refused before anything is changed", () => {
  expect(deliver("hotspare/api:2 here")).toEqual({
    code: 3,
    said: expect.stringContaining("api:2 has not come"),
  });
  expect([existsSync(at("home", "web-1")), there()]).toEqual([false, ["own_1"]]);
});

test("one that was sent is loaded, and nothing of the way stays", () => {
  expect(run("has_image hotspare/api:2").code).toBe(1);
  send("amd64\n");
  expect(deliver("hotspare/api:2 here").code).toBe(0);
  expect(run("has_image hotspare/api:2").code).toBe(0);
  expect(existsSync(at("images"))).toBe(false);
});

test("one for other processors is refused, and goes again", () => {
  send("arm64\n");
  expect(deliver("hotspare/api:2 here")).toEqual({
    code: 3,
    said: expect.stringContaining("is for arm64 and the server is amd64"),
  });
  expect(there()).toEqual(["own_1"]);
});

test("the one before stays for a way back and goes with the next; what was there before the kit stays", () => {
  send("amd64\n");
  deliver("hotspare/api:2 here");
  expect(deliver("ghcr.io/acme/api:3 registry").code).toBe(0);
  expect(there()).toEqual(["api_2", "api_3", "own_1"]);
  expect(deliver("own:1 registry").code).toBe(0);
  expect(there()).toEqual(["api_3", "own_1"]);
  expect(deliver("docker.example/none:1 registry")).toEqual({
    code: 3,
    said: expect.stringContaining("can't be pulled there"),
  });
  expect(run("forget_images web-1").code).toBe(0);
  expect(there()).toEqual(["own_1"]);
});
