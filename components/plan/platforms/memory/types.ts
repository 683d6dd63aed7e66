/** What only the platform in memory knows of a cluster: nothing beside its machines. */
export interface MemoryPlan {
  readonly kind: "memory";
}
