import type * as pulumi from "@pulumi/pulumi";
import type { ClusterPlan, PlanContext } from "../../components/plan/types.ts";
import type { PlatformAccess } from "../../components/platform/select.ts";

/** What a ground has seen before anything is planned. */
export interface Observed extends Pick<PlanContext, "running" | "placed"> {
  /** Whether no balancer of the cluster is there, in whatever state. Left out where that isn't asked: then they are taken to stand. */
  readonly isNew?: boolean;
}

/** What the Pulumi program does on a platform before and beside the plan: the one place that asks the platform and its environment. */
export interface Ground {
  /** What is there already that the plan has to fit. Throws, for people, when the platform can't be reached. */
  readonly observe: (owner: string) => Promise<Observed>;
  /** Throws, for people, when something that the plan needs is missing. */
  readonly check: (plan: ClusterPlan) => Promise<void>;
  /** Just before something is changed; not called by a preview. */
  readonly begin: (plan: ClusterPlan) => Promise<void>;
  /** What the adapter needs of the outside world. */
  readonly access: PlatformAccess;
  /** Options of the cluster: its provider, where the default one doesn't do. */
  readonly options: pulumi.ComponentResourceOptions;
}
