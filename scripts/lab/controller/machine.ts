/** What a controller's buttons act on. */
export interface Machine {
  isOn(): Promise<boolean>;
  on(): Promise<void>;
  /** @param hard whether its power is cut; else its system is asked */
  off(hard: boolean): Promise<void>;
}

/** One that is nothing but a lamp. */
export class Lamp implements Machine {
  lit: boolean;
  /** How often something was pressed. */
  presses = 0;

  constructor(lit: boolean) {
    this.lit = lit;
  }
  async isOn(): Promise<boolean> {
    return this.lit;
  }
  async on(): Promise<void> {
    this.presses++;
    this.lit = true;
  }
  async off(): Promise<void> {
    this.presses++;
    this.lit = false;
  }
}
