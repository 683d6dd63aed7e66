/** What every planned machine has. */
export interface MachinePlan {
  /** Stable identity, e.g. `web-1`; never depends on a position in a list, and nothing but it names Pulumi resources. */
  readonly key: string;
  /** Name on the platform, unique per owner, e.g. `dev-3f2a-web-1`. */
  readonly name: string;
  readonly hostname: string;
  readonly address: string;
  /** Image reference; the kit's own end in a hash of their content. */
  readonly image: string;
  /** CPU limit in cores. */
  readonly cpus: number;
  /** Memory limit in bytes. */
  readonly memory: number;
}
