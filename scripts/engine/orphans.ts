import { counted } from "../../components/model/words.ts";
import { backendUrl } from "../../infra/owner.ts";
import { endAtOnce, parentOf, pids, programOf, variablesOf } from "../processes.ts";
import type { Progress } from "../toolchain/progress.ts";

/*
 * An engine that is killed leaves the plugins that it has started: its providers, 75 MB each, and for good. They are ours when they have
 * this person's backend in their environment, and orphans when the process above them is no engine and no plugin any more.
 */

const engine = "pulumi";
/** What the engine starts, and what that starts. The kernel keeps 15 characters of a program's name. */
const plugin = /^pulumi-(resource|languag)/;

/** Ends plugins that earlier engines of this backend have left behind. */
export function endOrphans(progress: Progress): void {
  const orphans = orphansOf(backendUrl());
  endAtOnce(orphans);
  if (orphans.length > 0)
    progress.note(`An earlier run was killed and left ${counted(orphans.length, "plugin")} running; ended.`);
}

/** @param backend whose engines are meant */
export function orphansOf(backend: string): number[] {
  return pids().filter((pid) => {
    if (!plugin.test(programOf(pid))) return false;
    const parent = parentOf(pid);
    if (parent === null) return false;
    const above = programOf(parent);
    return (
      above !== engine &&
      !plugin.test(above) &&
      variablesOf(pid).split("\0").includes(`PULUMI_BACKEND_URL=${backend}`)
    );
  });
}
