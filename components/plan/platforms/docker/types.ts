/** What only Docker knows of a cluster: nothing beside its machines. */
export interface DockerPlan {
  readonly kind: "docker";
}
