import { describe, expect, test } from "vitest";
import { loadStack } from "../../../../../components/model/define.ts";
import { describePlan } from "../../../../../components/plan/describe.ts";
import { plan } from "../../../../../components/plan/plan.ts";
import { awsPlanOf } from "../../../../../components/plan/platforms/aws/part.ts";
import type { PlanContext } from "../../../../../components/plan/types.ts";
import { renderGroup } from "../../../../../components/render/aws/group.ts";
import { awsStack } from "../../../../support/aws/stacks.ts";
import { contextFor } from "../../../../support/plan-any.ts";

const digests = (letter: string) => ({ x86_64: letter.repeat(64), arm64: "0".repeat(64) });
const pins: NonNullable<PlanContext["pins"]> = {
  agents: {
    session: { version: "3.3.987.0", sha256: digests("a") },
    cloudwatch: { version: "1.300073.2b1889", sha256: digests("b") },
  },
  images: {
    "debian-13": { "eu-central-1": { x86_64: "ami-aaaaaaaa", arm64: "ami-bbbbbbbb", on: "2026-05-01" } },
  },
};
const planned = (platform: object = {}, more: Partial<PlanContext> = { pins }) => {
  const stack = awsStack(platform);
  return plan(loadStack("test", stack), { ...contextFor(stack), ...more });
};
const agentsOf = (cluster: ReturnType<typeof planned>) => {
  const [group] = cluster.groups;
  if (group === undefined) throw new Error("no group");
  return renderGroup(cluster, group).find(({ path }) => path === "/etc/hotspare/agents.env")?.content;
};

describe("what machines start from and fetch", () => {
  test("is what the lock file has, in versioned folders and with digests", () => {
    const cluster = planned();
    expect(awsPlanOf(cluster).image).toEqual({
      kind: "pinned",
      ids: { x86_64: "ami-aaaaaaaa", arm64: "ami-bbbbbbbb" },
      on: "2026-05-01",
    });
    expect(agentsOf(cluster)).toBe(
      `HOTSPARE_CLOUDWATCH_AGENT="https://amazoncloudwatch-agent-eu-central-1.s3.eu-central-1.amazonaws.com/debian/amd64/1.300073.2b1889/amazon-cloudwatch-agent.deb"
HOTSPARE_CLOUDWATCH_AGENT_SHA256="${"b".repeat(64)}"
HOTSPARE_SESSION_AGENT="https://s3.eu-central-1.amazonaws.com/amazon-ssm-eu-central-1/3.3.987.0/debian_amd64/amazon-ssm-agent.deb"
HOTSPARE_SESSION_AGENT_SHA256="${"a".repeat(64)}"
`,
    );
    expect(describePlan(cluster)).toContain(
      "machines start from Debian's image of 2026-05-01; session agent 3.3.987.0, CloudWatch agent 1.300073.2b1889\n",
    );
  });

  test("is the newest where nobody recorded anything, and the plan says so", () => {
    const cluster = planned({}, {});
    expect(awsPlanOf(cluster).image.kind).toBe("parameter");
    expect(agentsOf(cluster)).not.toContain("SHA256");
    expect(describePlan(cluster)).toContain(
      "Debian's newest image at each `up`, pinned by nothing; session agent the newest, unchecked, CloudWatch agent the newest, unchecked; `./hotspare pins` records them",
    );
  });

  test("of another region isn't this one's image", () => {
    expect(awsPlanOf(planned({ region: "eu-west-1" })).image.kind).toBe("parameter");
  });

  test("is what the stack says, above all", () => {
    const session = { version: "3.3.1.0", sha256: digests("c") };
    const image = { kind: "ami", id: "ami-cccccccc", architecture: "x86_64" };
    const aws = awsPlanOf(planned({ agents: { session }, image }));
    expect(aws.agents.session).toEqual(session);
    expect(aws.agents.cloudwatch).toEqual(pins.agents.cloudwatch);
    expect(aws.image).toEqual({ kind: "ami", id: "ami-cccccccc" });
  });
});
