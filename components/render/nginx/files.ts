import { platformPlanner } from "../../plan/platforms/select.ts";
import type { BalancerPlan, DoorPlan, RenderedFile } from "../../plan/types.ts";
import { type FirewallRules, renderFirewall } from "../firewall/index.ts";
import { renderKeepalived } from "../keepalived/index.ts";
import { renderMembers } from "../members.ts";
import { peerPort } from "../paths.ts";
import { linesFile, textFile } from "../text.ts";
import { renderEntry } from "./door.ts";
import { renderNginx } from "./index.ts";
import { authorityFiles } from "./nodes.ts";
import type { NginxPlan } from "./plan.ts";

/** The files of the door. */
export function doorFiles(plan: NginxPlan, door: DoorPlan): RenderedFile[] {
  return [textFile("entry.conf", renderEntry(plan, door))];
}

/** The files of a planned balancer. @throws Error where nobody knows its network card */
export function nginxFiles(plan: NginxPlan, balancer: BalancerPlan): RenderedFile[] {
  const card = platformPlanner(plan.platform.kind).card(plan, balancer.key);
  if (card === null) throw new Error(`${balancer.key}: the plan doesn't say which network card it has`);
  return [
    textFile("firewall.nft", renderFirewall(firewallRules(plan, balancer))),
    textFile("keepalived.conf", renderKeepalived(plan, balancer, card)),
    textFile("members.json", renderMembers(plan)),
    textFile("nginx.conf", renderNginx(plan, balancer)),
    ...certificateFiles(plan),
    ...authorityFiles(plan),
  ];
}

function firewallRules(plan: NginxPlan, balancer: BalancerPlan): FirewallRules {
  const { balancers, cluster } = plan;
  return {
    owner: `${balancer.key} in cluster ${cluster}`,
    peers: balancers.filter(({ key }) => key !== balancer.key).map(({ address }) => address),
    peerPorts: balancers.length === 1 ? [] : [peerPort],
    // A server may have nodes in containers beside it.
    alone: false,
    ...clientRules(plan),
  };
}

/** What is asked of clients, on every platform. */
export function clientRules({
  tier,
}: NginxPlan): Pick<FirewallRules, "ports" | "connectionsPerAddress" | "trusted"> {
  return {
    ports: [tier.httpPort, ...(tier.tls === null ? [] : [tier.tls.port])],
    connectionsPerAddress: tier.connections.perAddress,
    trusted: tier.trustedProxies,
  };
}

function certificateFiles({ tier: { tls } }: NginxPlan): RenderedFile[] {
  if (tls?.end.at !== "balancer") return [];
  return tls.end.files.map((file) => ({
    path: file.path,
    mode: file.mode,
    content: "names" in file ? linesFile(file.names) : file.secret,
  }));
}
