import { formatDuration } from "../../../model/units.ts";
import type { TaskPlan } from "../../../plan/types.ts";
import { maskText } from "../../masks.ts";
import type { Known } from "../known.ts";
import type { RolloutStep } from "../types.ts";

/** Programs of releases that a change has run: those of a release that is another one, or whose pool had none. */
export function tasksRun({ plans }: Known, when: TaskPlan["when"]): TaskPlan[] {
  const known = new Map((plans.before?.tasks ?? []).map(({ key, release }) => [key, release]));
  return (plans.after?.tasks ?? []).filter(
    (task) => task.when === when && known.get(task.key) !== task.release,
  );
}

const inWords = ({ command }: TaskPlan) => `\`${maskText(command.join(" "))}\``;

/** What is said of a pool whose programs run. */
export function taskParts(known: Known, pool: string): string[] {
  const of = (when: TaskPlan["when"]) => tasksRun(known, when).filter((task) => task.pool === pool);
  return [
    ...of("before").map(
      (task) => `${inWords(task)} runs once before any new node, and a rollback doesn't undo it`,
    ),
    ...of("after").map((task) => `${inWords(task)} runs once when the new nodes serve`),
  ];
}

/** The steps in which they run. */
export function taskSteps(known: Known, when: TaskPlan["when"]): RolloutStep[] {
  const fails = {
    before: "when it fails, no node is made and nothing else is changed",
    after: "when it fails, the release serves all the same",
  };
  return tasksRun(known, when).map((task) => ({
    text: `${task.shownAs}: ${inWords(task)} runs, at most ${formatDuration(task.timeout)}; ${fails[when]}`,
    lost: { low: 0, high: 0 },
    takes: { low: 0, high: task.timeout },
  }));
}
