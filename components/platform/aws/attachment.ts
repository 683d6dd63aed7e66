import type * as aws from "@pulumi/aws";

/** What a group is attached to: its target groups, and the listeners without which those aren't checked. */
export interface Attachment {
  readonly targets: readonly aws.lb.TargetGroup[];
  readonly listeners: readonly aws.lb.Listener[];
  readonly loadBalancer: aws.lb.LoadBalancer;
}
