/*
 * The codes that a stack may acknowledge. Listed here, since the model checks what is acknowledged and can't know the planner
 * and the review, where warnings and risks are found; tests hold the lists equal to what those say.
 */

/** Codes of the plan's warnings, sorted. */
export const warningCodes = [
  "aws.live-is-ready",
  "aws.nobody-told",
  "aws.single-nat",
  "metal.one-rack",
  "network.crowded",
  "network.public-range",
  "platform.docker-single-host",
  "pool.no-cover",
  "pool.weight-starves-node",
  "warden.off-with-cold",
] as const;

/** Codes of the review's risks, sorted. */
export const riskCodes = [
  "risk.accessory-stopped",
  "risk.account-changed",
  "risk.address-taken",
  "risk.admin-port-open",
  "risk.balancers-replaced",
  "risk.capability-added",
  "risk.capacity-halved",
  "risk.clients-opened",
  "risk.cluster-renamed",
  "risk.control-port-open",
  "risk.cost-raised",
  "risk.cover-too-thin",
  "risk.data-lost",
  "risk.front-replaced",
  "risk.gap-in-service",
  "risk.hash-with-hot-standby",
  "risk.health-loosened",
  "risk.keys-moved",
  "risk.last-hot-standby-removed",
  "risk.listener-ahead",
  "risk.nat-changed",
  "risk.pair-becomes-single",
  "risk.pool-ahead",
  "risk.pool-removed-in-use",
  "risk.pool-renamed",
  "risk.production-unprotected",
  "risk.protected-cluster-removed",
  "risk.protected-resource",
  "risk.protection-removed",
  "risk.route-idempotent",
  "risk.scaling-removed",
  "risk.self-signed-in-production",
  "risk.single-balancer-replaced",
  "risk.stack-renamed",
  "risk.subnet-changed",
  "risk.tls-removed",
  "risk.trusts-every-proxy",
  "risk.virtual-address-changed",
  "risk.warden-off-with-cold",
  "risk.weight-starves-node",
] as const;

export type RiskCode = (typeof riskCodes)[number];

/** Every code that a stack may acknowledge, sorted. */
export const acknowledgeable: readonly string[] = [...warningCodes, ...riskCodes].sort();
