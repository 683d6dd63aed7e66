import { UserError } from "../../scripts/exit.ts";

/** What a call refuses with. @throws Error when it refuses nothing, and whatever else it throws */
export function refusal(call: () => unknown): UserError {
  try {
    call();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}
