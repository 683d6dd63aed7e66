import type { NginxTierPlan } from "../../../plan/tiers/nginx/types.ts";
import type { TierReview } from "../contract.ts";
import { effectsOn } from "./effects.ts";
import { nginxRules } from "./risks.ts";
import { filesDelivered } from "./rollout.ts";

/** nginx and keepalived. */
export const nginxReview: TierReview<NginxTierPlan> = {
  settings: ({ kind: _, tls, trustedProxies, ...rest }, door) => ({
    ...rest,
    // As the stack says it; the rest of it follows.
    tls:
      tls === null
        ? null
        : {
            port: tls.port,
            certificate: tls.certificate,
            redirect: tls.redirect,
            strictTransport: tls.strictTransport,
          },
    trustedProxies: trustedProxies.filter((address) => address !== door),
  }),
  reloads: (machines) => {
    const { nginx, keepalived } = effectsOn(machines);
    return [...(nginx.length > 0 ? ["nginx"] : []), ...(keepalived.length > 0 ? ["keepalived"] : [])];
  },
  steps: filesDelivered,
  rules: nginxRules,
};
