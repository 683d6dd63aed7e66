/** How much of each thing is told; the file tells more than the comment. */
export interface Depth {
  /** Characters of a value. */
  readonly longest: number;
  /** Properties of a step. */
  readonly properties: number;
}

export const commentDepth: Depth = { longest: 120, properties: 6 };
export const fileDepth: Depth = { longest: 4000, properties: 1000 };
