/** Options of `up`. */
export interface UpOptions {
  readonly json?: boolean;
  /** Whether the state is compared with what really runs. */
  readonly refresh: boolean;
  /** File of a saved plan. */
  readonly plan?: string;
}
