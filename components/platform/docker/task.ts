import * as pulumi from "@pulumi/pulumi";
import { besideCluster, labelPrefix, taskLabel } from "../../plan/labels.ts";
import type { TaskPlan } from "../../plan/types.ts";
import type { NetworkedPlace } from "../contract.ts";
import type { TellProgress } from "../planned/pace.ts";
import { fillImage, plain, sortedFiles, type WrittenFile, writtenFiles } from "./files.ts";
import { environment } from "./node.ts";
import { type MakeVolume, withVolumes } from "./volumes.ts";

/** What a program of a release is given that isn't in its plan. */
export interface TaskGiven {
  /** `NAME=value`. */
  readonly variables: readonly string[];
  /** Id of the network. */
  readonly network: string;
  readonly files: readonly WrittenFile[];
  /** Where each of the files is in the container. */
  readonly paths: readonly string[];
  /** Image of what writes them. */
  readonly fillImage: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Hears what it writes, line by line. */
  readonly tell: TellProgress;
}

/** Runs a program of a release to its end. @throws Error with its last lines when it fails or takes too long */
export type RunTask = (task: TaskPlan, given: TaskGiven) => Promise<void>;

/** What reaches the engine; left out: the program counts as having run, and volumes as being there. */
export interface TaskAccess {
  readonly runTask?: RunTask | undefined;
  readonly makeVolume?: MakeVolume | undefined;
}

/**
 * A program of a release: a note in the state of the release for which it has run. It runs before the note is made or changed, so that what
 * fails is not noted, and runs again with the next `up`.
 */
export function createTask(
  name: string,
  task: TaskPlan,
  outer: NetworkedPlace,
  { runTask, makeVolume }: TaskAccess,
): pulumi.Resource {
  const note = { input: { release: task.release, command: [...task.command] } };
  if (task.noted || runTask === undefined) return new pulumi.Stash(name, note, outer.options);
  const place = withVolumes(name, task, outer, makeVolume);
  const hook = new pulumi.ResourceHook(`${name}-run`, async () => runTask(task, await given(task, place)));
  const before = [...(place.options.hooks?.beforeCreate ?? []), hook];
  const hooks = { beforeCreate: before, beforeUpdate: before };
  return new pulumi.Stash(name, note, { ...place.options, hooks });
}

async function given(task: TaskPlan, place: NetworkedPlace): Promise<TaskGiven> {
  const { [`${labelPrefix}owner`]: owner = "", [`${labelPrefix}stack`]: stack = "" } = place.labels;
  const files = sortedFiles(task.files ?? {});
  return {
    variables: await Promise.all(environment(task, place).map((value) => plain(pulumi.output(value)))),
    network: await plain(place.network.id),
    files: await writtenFiles(files, place),
    paths: files.map(([path]) => path),
    fillImage: fillImage(place),
    labels: { [taskLabel]: besideCluster(owner, stack) },
    tell: (text) => void pulumi.log.info(`${task.key}: ${text}`, undefined, undefined, true),
  };
}
