import { exitCodes, UserError } from "./exit.ts";

/** For verbs that look at what isn't there. */
export class NothingRuns extends UserError {
  readonly stackId: string;

  constructor(stack: string) {
    super(`nothing of "${stack}" runs; \`./hotspare up ${stack}\` stands it up`, exitCodes.nothingThere);
    this.stackId = stack;
  }
}
