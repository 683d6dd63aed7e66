import type { Machine } from "./machine.ts";
import type { Persona } from "./persona.ts";

/** Which server a controller is of, what it is like, and who is let in. */
export interface EmulatorOptions {
  readonly name: string;
  readonly serial: string;
  readonly persona: Persona;
  readonly machine: Machine;
  readonly user: string;
  readonly password: string;
}
