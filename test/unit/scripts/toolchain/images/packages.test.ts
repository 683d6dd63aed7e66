import { expect, test } from "vitest";
import {
  packageChanges,
  packageList,
  packagesDigest,
  parsePackages,
} from "../../../../../scripts/toolchain/images/packages.ts";

const debian = `Package: nginx
Status: install ok installed
Depends: libc6
Version: 1.26.3-3

Package: exim4
Status: deinstall ok config-files
Version: 4.98-1

Package: libc6
Status: install ok installed
Version: 2.41-12
`;

test("packages are read from what dpkg and apk write, without those that are gone", () => {
  expect(packageList(parsePackages(debian))).toBe("libc6 2.41-12\nnginx 1.26.3-3\n");
  // Images without a package manager have a file each, and no status.
  expect(packageList(parsePackages("Package: tzdata\nVersion: 2025b\n"))).toBe("tzdata 2025b\n");
  expect(packageList(parsePackages("C:Q1x=\nP:musl\nV:1.2.5-r9\n\nP:zlib\nV:1.3.1-r2\n"))).toBe(
    "musl 1.2.5-r9\nzlib 1.3.1-r2\n",
  );
  expect(packageList(parsePackages(""))).toBe("");
});

test("the difference between two builds shows, and equal ones have one digest", () => {
  const [before, after] = [
    { libc6: "2.41-12", nginx: "1.26.3-3", perl: "5.40" },
    { curl: "8.14", libc6: "2.41-12", nginx: "1.26.3-3+deb13u1" },
  ].map((versions) => new Map(Object.entries(versions))) as [Map<string, string>, Map<string, string>];
  expect(packageChanges(before, after)).toEqual([
    "curl 8.14 (new)",
    "nginx 1.26.3-3 -> 1.26.3-3+deb13u1",
    "perl 5.40 (gone)",
  ]);
  expect(packagesDigest(before)).not.toBe(packagesDigest(after));
  expect(packagesDigest(before)).toBe(packagesDigest(new Map([...before].reverse())));
});
