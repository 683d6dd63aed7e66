import type { ClusterPlan, RenderedFile, RenderedMachine } from "../plan/types.ts";
import { renderGroup } from "./aws/group.ts";
import { renderEntry } from "./door/entry.ts";
import { renderKeepalived } from "./keepalived/index.ts";
import { renderMembers } from "./members.ts";
import { renderNginx } from "./nginx/index.ts";
import { selfSignedNames } from "./nginx/tls.ts";
import { renderWarden } from "./warden/document.ts";

/**
 * The files of every machine that has some, in the plan's order: the balancers, the wardens, then the door; or of a machine of every
 * group. Pure; the same plan gives
 * the same bytes.
 *
 * @throws Error for what a file's syntax can't hold. No spec that passed the model's rules contains any.
 */
export function render(plan: ClusterPlan): RenderedMachine[] {
  if (plan.groups.length > 0)
    return plan.groups.map((group) => ({ machine: group.key, files: byPath(renderGroup(plan, group)) }));
  const balancers = plan.balancers.map((balancer) => ({
    machine: balancer.key,
    files: byPath([
      { path: "keepalived.conf", mode: "0644", content: renderKeepalived(plan, balancer) },
      { path: "members.json", mode: "0644", content: renderMembers(plan) },
      { path: "nginx.conf", mode: "0644", content: renderNginx(plan, balancer) },
      ...certificateFiles(plan),
    ]),
  }));
  const wardens = plan.wardens.map((warden) => ({
    machine: warden.key,
    files: [{ path: "warden.json", mode: "0644", content: renderWarden(plan, warden) }],
  }));
  const machines = [...balancers, ...wardens];
  if (plan.door === null) return machines;
  const entry = { path: "entry.conf", mode: "0644", content: renderEntry(plan, plan.door) };
  return [...machines, { machine: plan.door.key, files: [entry] }];
}

function certificateFiles(plan: ClusterPlan): RenderedFile[] {
  const certificate = plan.tier.tls?.certificate;
  switch (certificate?.kind) {
    case undefined:
    case "acm":
      return [];
    case "self-signed":
      return [
        { path: "tls/self-signed.names", mode: "0644", content: selfSignedNames(plan, certificate.names) },
      ];
    case "given":
      return [
        { path: "tls/server.crt", mode: "0600", content: certificate.certificate },
        { path: "tls/server.key", mode: "0600", content: certificate.key },
      ];
    default:
      return certificate satisfies never;
  }
}

function byPath(files: RenderedFile[]): RenderedFile[] {
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}
