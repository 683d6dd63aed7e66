import { exitCodes } from "../../exit.ts";
import { nothingRuns, printJson, say } from "../../terminal.ts";
import { observe, subjectOf } from "./observe.ts";
import { groupsTable, groupsTopology, groupsUrls } from "./picture.ts";

/** `npm run status` of a stack on AWS: asks AWS, and nothing else. */
export async function statusOnAws(stack: string, options: { readonly json?: boolean }): Promise<void> {
  const status = await observe(subjectOf(stack));
  if (options.json) printJson(status);
  else {
    say(`${groupsTable(status)}\n\n${groupsTopology(status)}\n\n${groupsUrls(status)}`);
    for (const line of status.underWay) say(`* ${line}`);
    for (const finding of status.findings) say(`! ${finding}`);
  }
  if (status.state === "ok") return;
  if (status.state === "absent" && !options.json) throw nothingRuns(stack);
  process.exitCode = status.state === "absent" ? exitCodes.nothingThere : exitCodes.degraded;
}
