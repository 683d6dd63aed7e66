import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { packUserData } from "../../../../../components/platform/aws/launch-template.ts";
import { tarGz } from "../../../../../infra/archive.ts";
import { bootstrap } from "../../../../../infra/grounds/aws/bootstrap.ts";
import { balancers, containerNode, givenCertificate, sampleNode } from "../../../../support/aws/nodes.ts";

const place = { bucket: "bundles", key: "web/x.tar.gz", sha256: "0123456789abcdef".repeat(4) };

describe("what machines on AWS start from", () => {
  test.each([
    ["the sample", sampleNode],
    ["a container", containerNode],
    ["a balancer", () => balancers(givenCertificate)],
  ])("is the same bytes each time: %s", (_, nodes) => {
    const { plan, group } = nodes();
    expect(bootstrap.bundle(plan, group)).toEqual(bootstrap.bundle(plan, group));
  });

  test("is another bundle for another pool, so that a change of it rolls through the group", () => {
    const [one, other] = [sampleNode(), containerNode()].map(({ plan, group }) =>
      bootstrap.bundle(plan, group),
    );
    expect(one).not.toEqual(other);
  });

  test("fits into user data", () => {
    const { plan, group } = sampleNode();
    const packed = Buffer.from(packUserData("web", bootstrap.userData(plan, group, place)), "base64");
    expect(packed.length).toBeLessThan(2_048);
  });

  test("takes no value that a shell would read as more than a word", () => {
    const { plan, group } = sampleNode();
    for (const bucket of ["a b", "$(id)", "a\nb", "a'b", ""])
      expect(() => bootstrap.userData(plan, group, { ...place, bucket })).toThrow(
        "can't stand in a shell program",
      );
  });

  test("shows another value of a secret in user data, and not the value", () => {
    const { plan, group } = balancers(givenCertificate);
    const [before, after] = ["one", "two"].map((fingerprint) =>
      bootstrap.userData(plan, { ...group, fingerprint }, place),
    );
    expect(before).not.toBe(after);
  });
});

test("an archive is what POSIX calls one", () => {
  const block = gunzipSync(tarGz([{ name: "a", mode: 0o644, content: "text" }]));
  expect(block.length).toBe(4 * 512);
  // Fields by their offset: mode, size, type, magic with version, content.
  const fields = [100, 124, 156, 257, 512].map((offset) => block.toString("latin1", offset, offset + 8));
  expect(fields).toEqual(["0000644\0", "00000000", "0\0\0\0\0\0\0\0", "ustar\x0000", "text\0\0\0\0"]);
});

test("an archive has no room for long names, and counts bytes", () => {
  const file = (name: string) => tarGz([{ name, mode: 0o644, content: "" }]);
  expect(file("a".repeat(100))).toBeInstanceOf(Buffer);
  expect(() => file("ä".repeat(51))).toThrow("too long a name");
});
