import type { MembersService } from "../../model/members-document.ts";
import { platformPlanner } from "../../plan/platforms/select.ts";
import type { ServicePlan } from "../../plan/tiers/lvs/types.ts";
import type { BalancerPlan, DoorPlan, RenderedFile } from "../../plan/types.ts";
import { renderKeepalived } from "../keepalived/index.ts";
import { renderMembers } from "../members.ts";
import { textFile } from "../text.ts";
import { renderControl } from "./control.ts";
import { renderEntry } from "./door.ts";
import type { LvsPlan } from "./plan.ts";

/** The files of a director. @throws Error where nobody knows its network card */
export function lvsFiles(plan: LvsPlan, balancer: BalancerPlan): RenderedFile[] {
  const card = platformPlanner(plan.platform.kind).card(plan, balancer.key);
  if (card === null) throw new Error(`${balancer.key}: the plan doesn't say which network card it has`);
  return [
    textFile("keepalived.conf", renderKeepalived(plan, balancer, card)),
    textFile("members.json", renderMembers(plan, plan.tier.services.map(memberService))),
    textFile("nginx.conf", renderControl(plan, balancer, card)),
  ];
}

function memberService({ persistence, flags, ...service }: ServicePlan): MembersService {
  return {
    ...service,
    flags: [...flags] as MembersService["flags"],
    ...(persistence === null ? {} : { persistence }),
  };
}

/** The files of the door in front of directors. */
export function lvsDoorFiles(plan: LvsPlan, door: DoorPlan): RenderedFile[] {
  return [textFile("entry.conf", renderEntry(plan, door))];
}
