import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { sourcesFor } from "../../../../../scripts/toolchain/images/apt-sources.ts";
import { temporaryFolder, write } from "../../../../support/temporary.ts";

function machine(release: string, files: Readonly<Record<string, string>>): string {
  const etc = temporaryFolder();
  write(join(etc, "os-release"), release);
  for (const [path, text] of Object.entries(files)) write(join(etc, path), text);
  return etc;
}

const bookworm = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_CODENAME=bookworm\nID=debian\n';

describe("package sources for another release", () => {
  test("are the machine's own with the release replaced, and with nothing else replaced", () => {
    const etc = machine(bookworm, {
      "apt/sources.list.d/debian.sources":
        "Types: deb\n# http://bookworm.example.test\nURIs: http://bookworm.example.test/debian\nSuites: bookworm bookworm-updates\nComponents: main\n\nTypes: deb\nURIs: http://mirror.example.test/security\nSuites:bookworm-security\n",
    });
    expect(sourcesFor("trixie", etc)).toEqual({
      file: join(etc, "apt/sources.list.d/debian.sources"),
      format: "sources",
      text: "Types: deb\nURIs: http://bookworm.example.test/debian\nSuites: trixie trixie-updates\nComponents: main\n\nTypes: deb\nURIs: http://mirror.example.test/security\nSuites:trixie-security\n",
    });
  });

  test("may stand in the older format", () => {
    const etc = machine(bookworm, {
      "apt/sources.list":
        "deb http://mirror.example.test/debian bookworm main\ndeb http://mirror.example.test/security bookworm-security main",
    });
    expect(sourcesFor("trixie", etc)).toMatchObject({
      format: "list",
      text: "deb http://mirror.example.test/debian trixie main\ndeb http://mirror.example.test/security trixie-security main",
    });
  });

  test("stay as they are on a machine of that release", () => {
    const text = "Suites: trixie trixie-updates\n";
    const etc = machine("VERSION_CODENAME=trixie\nID=debian\n", {
      "apt/sources.list.d/debian.sources": text,
    });
    expect(sourcesFor("trixie", etc)?.text).toBe(text);
  });

  test.each([
    [
      "another system",
      "VERSION_CODENAME=noble\nID=ubuntu\n",
      { "apt/sources.list": "deb http://x noble main\n" },
    ],
    ["a system without apt", bookworm, {}],
    [
      "sources that name the release by its place",
      bookworm,
      { "apt/sources.list": "deb http://x stable main\n" },
    ],
  ])("are not to be had from %s", (_, release, files) => {
    expect(sourcesFor("trixie", machine(release, files))).toBeNull();
  });
});
