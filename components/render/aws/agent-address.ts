import type { AwsPlan } from "../../plan/platforms/aws/types.ts";
import type { GroupPlan } from "../../plan/types.ts";

export type Architecture = GroupPlan["machine"]["architecture"];
type Agent = keyof AwsPlan["agents"];

/** Hosts of a region's buckets end so. */
const domainOf = (region: string) => (region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com");

const bases: Readonly<Record<Agent, (region: string) => string>> = {
  session: (region) => `https://s3.${region}.${domainOf(region)}/amazon-ssm-${region}`,
  cloudwatch: (region) => `https://amazoncloudwatch-agent-${region}.s3.${region}.${domainOf(region)}`,
};

/**
 * AWS's own packages from its regional buckets, which machines without a way to the internet reach by S3's endpoint; each version has
 * a folder of its own (Systems Manager user guide, Installing SSM Agent on Debian Server; CloudWatch user guide, Download the
 * CloudWatch agent package).
 *
 * @param version the newest when left out
 */
export function agentAddress(
  agent: Agent,
  region: string,
  architecture: Architecture,
  version = "latest",
): string {
  const debian = { x86_64: "amd64", arm64: "arm64" }[architecture];
  const base = bases[agent](region);
  return agent === "session"
    ? `${base}/${version}/debian_${debian}/amazon-ssm-agent.deb`
    : `${base}/debian/${debian}/${version}/amazon-cloudwatch-agent.deb`;
}

/** Where its maker tells the newest version (the same pages). */
export function newestVersionAddress(agent: Agent, region: string): string {
  const base = bases[agent](region);
  return agent === "session" ? `${base}/latest/VERSION` : `${base}/info/latest/CWAGENT_VERSION`;
}
