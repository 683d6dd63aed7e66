import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { balancerSchema } from "../../../components/model/balancers/schema.ts";
import { balancerTraits } from "../../../components/model/balancers/select.ts";
import { balancerHealthPort, firstCheckPort } from "../../../components/model/platforms/aws/layout.ts";
import { platformSchema } from "../../../components/model/platforms/schema.ts";
import { platformTraits } from "../../../components/model/platforms/select.ts";
import { problemsOf, small, withBalancer } from "../../support/small.ts";

const model = join(import.meta.dirname, "../../../components/model");
const kindsOf = (schema: { options: readonly { shape: { kind: { value: string } } }[] }) =>
  schema.options.map(({ shape }) => shape.kind.value);
const kinds = [...kindsOf(platformSchema), ...kindsOf(balancerSchema)];

test("each kind has a folder of its own", () => {
  const folders = ["platforms", "balancers"].flatMap((layer) =>
    readdirSync(join(model, layer), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name),
  );
  expect(folders.sort()).toEqual([...kinds].sort());
});

test("what holds for every stack names no kind", () => {
  const neutral = [
    // A field of a pool is called as a platform is: "memory".
    ...readdirSync(model).filter((name) => name.endsWith(".ts") && !["spec.ts", "meant.ts"].includes(name)),
    ...readdirSync(join(model, "rules")).map((name) => `rules/${name}`),
    ...readdirSync(join(model, "schema")).map((name) => `schema/${name}`),
  ];
  const named = neutral.filter((file) => {
    const text = readFileSync(join(model, file), "utf8");
    return kinds.some((kind) => text.includes(`"${kind}"`) || text.includes(`/${kind}/`));
  });
  expect(named).toEqual([]);
});

describe("what a platform's traits say is asked by the rules of a balancer", () => {
  const acm = {
    kind: "acm",
    arn: "arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c",
  };
  const codes = (platform: object, listen: object) =>
    problemsOf(small({ platform, balancer: { kind: "nginx", listen } })).map(([, code]) => code);
  const aws = { kind: "aws", region: "eu-central-1" };

  test.each([
    [{ kind: "docker" }, ["balancer.acm-off-aws"]],
    [{ kind: "memory" }, ["balancer.acm-off-aws"]],
    [aws, []],
  ])("which certificates there are: %j", (platform, expected) => {
    expect(codes(platform, { tls: { certificate: acm } })).toEqual(expected);
  });

  test.each([
    [{ kind: "docker" }, balancerHealthPort, []],
    [aws, balancerHealthPort, ["balancer.port-reserved"]],
    [aws, firstCheckPort - 1, []],
    [aws, firstCheckPort, ["balancer.port-reserved"]],
    [aws, 65_535, ["balancer.port-reserved"]],
    [{ kind: "docker" }, 9180, ["balancer.port-reserved"]],
  ])("which ports the kit takes itself: %j %i", (platform, http, expected) => {
    expect(codes(platform, { http })).toEqual(expected);
  });
});

test("traits are those of the kind", () => {
  expect(kindsOf(platformSchema).map((kind) => platformTraits(kind as "aws").machines)).toEqual([
    "planned",
    "groups",
    "planned",
    "planned",
  ]);
  expect(kindsOf(balancerSchema).map((kind) => balancerTraits(kind as "nginx").layer)).toEqual([7, 4]);
});

test("a pair of any kind has a peer to take the address back from", () => {
  expect(problemsOf(withBalancer({ count: 1, failover: { preempt: true } }))).toEqual([
    expect.arrayContaining(["balancer.preempt-without-peer"]),
  ]);
});
