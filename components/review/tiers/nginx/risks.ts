import { broughtAbout, type RiskRule } from "../../risks/rule.ts";

/** Larger networks than a /8 hold strangers: no private network of RFC 1918 is larger. */
const widestTrusted = 8;

const trustsEveryProxy: RiskRule = {
  code: "risk.trusts-every-proxy",
  severity: "danger",
  when: `\`trustedProxies\` holds a network larger than a /${widestTrusted}`,
  hint: "name the addresses of your own proxies",
  find: broughtAbout(({ tier }) =>
    (tier.kind === "nginx" ? tier.trustedProxies : [])
      .filter((network) => Number(network.split("/")[1] ?? 32) < widestTrusted)
      .map((network) => ({
        path: `balancer.trustedProxies[${network}]`,
        message: `whoever comes from ${network} may claim to be any client: rate limits, ip-hash and logs believe it`,
      })),
  ),
};

/** What only nginx, which reads requests, has to fear. */
export const nginxRules: readonly RiskRule[] = [trustsEveryProxy];
