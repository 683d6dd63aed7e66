import { questionsUntilLeft } from "../../plan/front.ts";
import type { BalancerPlan, ClusterPlan } from "../../plan/types.ts";
import { sharedAddressOf, virtualAddressOf } from "../../plan/virtual-address.ts";
import { notifyProgram, runFolder } from "../paths.ts";
import { banner, block, file, integer, paragraphs, word } from "../text.ts";

/**
 * keepalived.conf of one balancer: one virtual address, shared with all the others.
 *
 * @param card name of the balancer's network card
 */
export function renderKeepalived(plan: ClusterPlan, balancer: BalancerPlan, card: string): string {
  // A single address: the route to the network belongs to the machine's own.
  const address = `${word(sharedAddressOf(plan) ?? virtualAddressOf(plan))}/32`;
  return file(
    paragraphs(
      [
        banner(`keepalived.conf of ${balancer.key} in cluster ${plan.cluster}`),
        // The entry reads this line: when keepalived dies, nobody else would remove the address.
        `# hotspare:virtual-address ${address} ${word(card)}`,
        ...frontLines(plan),
        ...peerLines(plan, balancer),
      ],
      block("global_defs", globals(balancer)),
      trackFile(),
      block("vrrp_instance cluster", instance(plan, balancer, address, word(card))),
    ),
  );
}

/**
 * Behind directors a balancer takes packets for the clients' address without having it: the entry keeps it on the loopback card. Before it
 * stops listening it says so, and waits until so many questions of each director have been answered that none sends it anything new.
 */
function frontLines(plan: ClusterPlan): string[] {
  const questions = questionsUntilLeft(plan);
  if (questions === null) return [];
  return [
    `# hotspare:front ${word(virtualAddressOf(plan))}/32 ${integer(questions)}`,
    ...(plan.directors?.machines ?? []).map(({ address }) => `# hotspare:director ${word(address)}`),
  ];
}

/** Before a reload `hotspare-apply` asks these whether one of them could have the address meanwhile. */
function peerLines(plan: ClusterPlan, balancer: BalancerPlan): string[] {
  const port = integer(plan.tier.httpPort, 1);
  return peersOf(plan, balancer).map((peer) => `# hotspare:peer ${word(peer.address)} ${port}`);
}

function peersOf(plan: ClusterPlan, balancer: BalancerPlan): BalancerPlan[] {
  return plan.balancers.filter((other) => other.key !== balancer.key);
}

function globals(balancer: BalancerPlan): string[] {
  return [
    `router_id ${word(balancer.key)}`,
    // Version 2 knows whole seconds only; version 3 hundredths.
    "vrrp_version 3",
    // Adverts of others than the peers count for nothing.
    "vrrp_check_unicast_src",
    // Nobody but root may be able to change a program that keepalived runs as root.
    "enable_script_security",
    "script_user root",
    // A neighbour that missed the announcement of a move, or a healed split, is put right within a second.
    "vrrp_garp_master_refresh 1",
    "vrrp_garp_master_refresh_repeat 1",
    // At once and once more after a second: three of each, since a lost one costs a client seconds.
    "vrrp_garp_master_repeat 3",
    "vrrp_garp_master_delay 1",
  ];
}

/**
 * The entry writes 1 the instant nginx ends and 0 once it answers. Weight 0 means FAULT and an advert with priority 0, so
 * the peer waits for its skew only (some ms); a weight below 0 would make it wait for three adverts. A file is watched
 * by inotify: `track_process` doesn't work in containers, and scripts run once a second at best.
 */
function trackFile(): string[] {
  return block("track_file nginx", [`file ${runFolder}/fault`, "weight 0"]);
}

function instance(plan: ClusterPlan, balancer: BalancerPlan, address: string, card: string): string[] {
  const { failover } = plan.tier;
  const peers = peersOf(plan, balancer);
  return [
    // BACKUP on all: `nopreempt` counts only then, and a restarted balancer first listens whether somebody has the address.
    "state BACKUP",
    ...(failover.preempt ? [] : ["nopreempt"]),
    `interface ${card}`,
    `virtual_router_id ${integer(failover.routerId, 1)}`,
    `priority ${integer(balancer.priority, 1)}`,
    `advert_int ${advertInterval(failover.advertise)}`,
    ...unicast(balancer, peers),
    ...block("virtual_ipaddress", [`${address} dev ${card}`]),
    ...block("track_file", ["nginx"]),
    `notify ${notifyProgram}`,
    // keepalived starts it and goes on; a shell reads it, so that it needs no right to be run.
    ...(plan.network.mover === undefined ? [] : [`notify_master "/bin/bash ${plan.network.mover}"`]),
  ];
}

/**
 * Adverts from one to one: clouds and many container networks carry no multicast, and then both would be master. A
 * balancer without peers has nobody to tell, and keepalived complains about unicast to nobody.
 */
function unicast(balancer: BalancerPlan, peers: readonly BalancerPlan[]): string[] {
  if (peers.length === 0) return [];
  // A router would have lowered the TTL: what comes from another network is not from a peer (RFC 9568, 5.1.1.3).
  const addresses = peers.map((peer) => `${word(peer.address)} min_ttl 255 max_ttl 255`);
  return [`unicast_src_ip ${word(balancer.address)}`, ...block("unicast_peer", addresses)];
}

/** Seconds with two digits: the protocol counts hundredths, and keepalived complains about more. */
function advertInterval(milliseconds: number): string {
  return (Math.max(1, Math.round(milliseconds / 10)) / 100).toString();
}
