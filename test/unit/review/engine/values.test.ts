import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dataHolders, holdsData } from "../../../../components/review/engine/data-holders.ts";
import { componentPath, nameOf, typeOf } from "../../../../components/review/engine/urn.ts";
import {
  changedNames,
  joinPath,
  pathParts,
  propertyOf,
  same,
  valueAt,
} from "../../../../components/review/engine/values.ts";
import { projectRoot } from "../../../../infra/context.ts";

describe("property paths", () => {
  test.each([
    ["size", ["size"]],
    ["networksAdvanced[0].name", ["networksAdvanced", 0, "name"]],
    ['files["nginx.conf"]', ["files", "nginx.conf"]],
    ['tags["a\\"b"].c', ["tags", 'a"b', "c"]],
    ['["a.b"][2]', ["a.b", 2]],
    ["odd[", ["odd["]],
    ["", []],
  ])("%s", (path, parts) => {
    expect(pathParts(path)).toEqual(parts);
  });

  test("what is joined is read again as it was", () => {
    const part = fc.oneof(fc.nat(1000), fc.string({ minLength: 1 }));
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.array(part), (first, rest) => {
        const parts = [first, ...rest];
        const path = parts.reduce<string>(joinPath, "");
        expect(pathParts(path)).toEqual(parts);
        expect(propertyOf(path)).toBe(first);
      }),
    );
  });

  test("values by path; a secret's inside is the secret", () => {
    const secret = {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      ciphertext: "[secret]",
    };
    const values = { a: [{ "b.c": 1 }], s: secret };
    expect(valueAt(values, 'a[0]["b.c"]')).toBe(1);
    expect(valueAt(values, "a[1].b")).toBeUndefined();
    expect(valueAt(values, "a.length")).toBeUndefined();
    expect(valueAt(values, "s.password")).toBe(secret);
    expect(valueAt(values, "constructor")).toBeUndefined();
  });

  test("a field that is called like what every object has is one like any other", () => {
    expect(changedNames({ constructor: 1 }, {})).toEqual(["constructor"]);
    expect(same({ constructor: Object }, { other: 1 })).toBe(false);
  });
});

describe("URNs", () => {
  const urn = "urn:pulumi:dev::hotspare::hotspare:index:Cluster$docker:index/container:Container::dev::web-1";

  test("name and type", () => {
    expect(nameOf(urn)).toBe("dev::web-1");
    expect(typeOf(urn)).toBe("docker:index/container:Container");
    expect(nameOf("no URN")).toBe("no URN");
    expect(typeOf("no URN")).toBe("");
  });

  test("parents that go round in a circle end all the same", () => {
    const parents = new Map([
      ["a", "b"],
      ["b", "a"],
    ]);
    expect(componentPath("a", parents)).toEqual(["b"]);
  });
});

describe("what holds data", () => {
  test("by type token", () => {
    expect(holdsData("docker:index/volume:Volume")).toBe(true);
    expect(holdsData("aws:rds/instance:Instance")).toBe(true);
    expect(holdsData("docker:index/container:Container")).toBe(false);
    expect(holdsData("aws:ec2/instance:Instance")).toBe(false);
    expect(holdsData("Volume")).toBe(false);
  });

  /** `aws:rds` and `GlobalCluster` are in the package as `rds/globalCluster.js`, with the type token in it. */
  test.each(
    Object.entries(dataHolders)
      .filter(([module]) => /^(aws|docker):/.test(module))
      .flatMap(([module, names]) => names.map((name) => [module, name] as const)),
  )("%s has a %s", (module, name) => {
    const [pack = "", folder = ""] = module.split(":");
    const file = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
    const path = [projectRoot, "node_modules/@pulumi", pack, folder === "index" ? "" : folder, `${file}.js`];
    const token = /__pulumiType = '([^']+)'/.exec(readFileSync(join(...path), "utf8"))?.[1] ?? "";
    expect(holdsData(token), token).toBe(true);
  });
});
