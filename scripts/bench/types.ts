/** What is measured of something: its name, and in which unit. */
export interface Figure {
  readonly name: string;
  readonly unit: "ms" | "µs" | "1/s";
}

/** One of several that are measured beside each other. */
export interface Variant {
  readonly name: string;
  /** Of the program that it stands for. */
  readonly version: string;
}

/** A part of the benchmark that is ready to be run. Disposing of it removes what it has made. */
export interface Opened extends AsyncDisposable {
  readonly figures: readonly Figure[];
  /** All are compared with the first. */
  readonly variants: readonly Variant[];
  /** Runs one of them once. @returns a value for each figure that it has, by the figure's name */
  run(variant: string): Promise<Readonly<Record<string, number>>>;
}

export interface Part {
  /** What it is called by on the command line. */
  readonly name: string;
  /** What is compared, in a sentence. */
  readonly about: string;
  /** How often each variant is run when nobody says. */
  readonly rounds: number;
  open(tell: (line: string) => void): Promise<Opened>;
}

/** All values that came of a part: by figure, by variant, a value for each round. */
export type Values = Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;

export interface Measured extends Pick<Part, "name" | "about"> {
  readonly figures: readonly Figure[];
  readonly variants: readonly Variant[];
  readonly values: Values;
}
