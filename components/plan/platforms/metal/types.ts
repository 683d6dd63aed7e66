/** What only a platform of people's own servers knows of a cluster: nothing beside its machines. Not planned yet. */
export interface MetalPlan {
  readonly kind: "metal";
}
