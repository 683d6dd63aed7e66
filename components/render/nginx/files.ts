import { platformTraits } from "../../model/platforms/select.ts";
import type { BalancerPlan, ClusterPlan, RenderedFile } from "../../plan/types.ts";
import { renderKeepalived } from "../keepalived/index.ts";
import { renderMembers } from "../members.ts";
import { textFile } from "../text.ts";
import { renderNginx } from "./index.ts";
import { selfSignedNames } from "./tls.ts";

/** The files of a planned balancer. @throws Error where nobody knows its network card */
export function nginxFiles(plan: ClusterPlan, balancer: BalancerPlan): RenderedFile[] {
  const { card } = platformTraits(plan.platform.kind);
  if (card === null) throw new Error(`${balancer.key}: the plan doesn't say which network card it has`);
  return [
    textFile("keepalived.conf", renderKeepalived(plan, balancer, card)),
    textFile("members.json", renderMembers(plan)),
    textFile("nginx.conf", renderNginx(plan, balancer)),
    ...certificateFiles(plan),
  ];
}

function certificateFiles(plan: ClusterPlan): RenderedFile[] {
  const certificate = plan.tier.tls?.certificate;
  switch (certificate?.kind) {
    case undefined:
    case "acm":
      return [];
    case "self-signed":
      return [textFile("tls/self-signed.names", selfSignedNames(plan, certificate.names))];
    case "given":
      return [
        { path: "tls/server.crt", mode: "0600", content: certificate.certificate },
        { path: "tls/server.key", mode: "0600", content: certificate.key },
      ];
    default:
      return certificate satisfies never;
  }
}
