import { describe, expect, test } from "vitest";
import { isOutside, type StateResource } from "../../../../scripts/engine/state.ts";
import { exitCodes, UserError } from "../../../../scripts/exit.ts";
import {
  nothingKnown,
  platformByFile,
  platformByState,
  platformOf,
  platformOfKnown,
  platforms,
} from "../../../../scripts/platforms/select.ts";

const resource = (type: string, more: Partial<StateResource> = {}): StateResource => ({
  urn: `urn:pulumi:test::hotspare::${type}::it`,
  type,
  custom: true,
  ...more,
});
const root = resource("pulumi:pulumi:Stack", { custom: false });
const cluster = (inputs: Record<string, unknown>) =>
  resource("hotspare:index:Cluster", { custom: false, inputs });

const caught = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

describe("by a stack's file", () => {
  test.each([
    ["dev", "docker"],
    ["staging", "docker"],
    ["aws-staging", "aws"],
    ["aws-production", "aws"],
  ])("%s stands on %s", (stack, kind) => {
    expect(platformByFile(stack)?.kind).toBe(kind);
  });

  test("a name that nobody knows has none, and is never taken for one of Docker's", () => {
    expect(platformByFile("long-gone")).toBeNull();
    expect(caught(() => platformOfKnown("long-gone"))).toMatchObject({
      exitCode: exitCodes.nothingThere,
      message: expect.stringContaining('there is no stack "long-gone"; stacks/index.ts has ['),
    });
  });

  test("a stack that names none stands on Docker; a kind that isn't built is refused", () => {
    expect(platformOf().kind).toBe("docker");
    const error = caught(() => platformOf("vmware"));
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({
      exitCode: exitCodes.stackProblems,
      message: 'platform.kind: "vmware" is not built yet; "docker", "aws", "memory" and "metal" are',
    });
  });
});

describe("by a stack's state", () => {
  const kindBy = (...resources: StateResource[]) => platformByState("gone", resources)?.kind ?? null;

  test("what the cluster says of itself decides, whatever stands beside it", () => {
    for (const { kind } of platforms)
      expect(kindBy(root, cluster({ platform: kind }), resource("random:index/randomId:RandomId"))).toBe(
        kind,
      );
  });

  test("without a cluster, as after a half-done down, whose resources are left", () => {
    expect(kindBy(root, resource("aws:ec2/vpc:Vpc"))).toBe("aws");
    expect(kindBy(root, resource("docker:index/network:Network"))).toBe("docker");
  });

  test("an emptied state tells none: providers and notes stand for nothing outside of it", () => {
    expect(kindBy()).toBeNull();
    expect(kindBy(root, resource("pulumi:providers:aws"), resource("pulumi:index:Stash"))).toBeNull();
  });

  test.each([
    ["of several platforms", ["aws:ec2/vpc:Vpc", "docker:index/network:Network"]],
    ["of none", ["random:index/randomId:RandomId"]],
  ])("resources %s are refused by name, and nobody guesses", (_, types) => {
    const error = caught(() => kindBy(root, ...types.map((type) => resource(type))));
    expect(error).toBeInstanceOf(UserError);
    for (const type of types) expect((error as UserError).message).toContain(type);
  });

  test("a file decides where the state isn't clear, and not against a state that is", () => {
    const dev = platformByFile("dev");
    const mixed = ["aws:ec2/vpc:Vpc", "docker:index/network:Network"].map((type) => resource(type));
    expect(platformByState("dev", mixed, dev)).toBe(dev);
    expect(platformByState("dev", [cluster({ platform: "aws" })], dev)?.kind).toBe("aws");
  });

  test("a kind of a newer kit is no reason to go by another", () => {
    const error = caught(() =>
      kindBy(root, cluster({ platform: "balloon" }), resource("balloon:index:Basket")),
    );
    expect(error).toBeInstanceOf(UserError);
  });
});

test("outside of the state is what a provider has made, and no component, provider or note", () => {
  const types = ["aws:ec2/vpc:Vpc", "pulumi:providers:aws", "pulumi:index:Stash"];
  expect(types.filter((type) => isOutside(resource(type)))).toEqual(["aws:ec2/vpc:Vpc"]);
  expect(isOutside(root)).toBe(false);
});

test("what is nowhere is said so, with the code for it", () => {
  expect(nothingKnown("gone")).toMatchObject({ exitCode: exitCodes.nothingThere });
});
