import { fingerprint } from "../model/hash.ts";
import { isSecret } from "../model/secret.ts";
import type { ClusterSpec, PoolSpec } from "../model/spec.ts";
import { containerOptions, environmentOf } from "./container.ts";
import { imageFor, machine, volumeName } from "./machine.ts";
import type { ClusterPlan, PlanContext, TaskPlan } from "./types.ts";

/** Programs of releases, pool by pool; nothing where the stack has none, as it was before there were any. */
export function planTasks(spec: ClusterSpec, context: PlanContext): Pick<ClusterPlan, "tasks"> {
  const tasks = Object.entries(spec.pools).flatMap(([pool, poolSpec]) => [
    ...planTask(spec, context, { pool, poolSpec, when: "before" }),
    ...planTask(spec, context, { pool, poolSpec, when: "after" }),
  ]);
  return tasks.length === 0 ? {} : { tasks };
}

interface TaskOf {
  readonly pool: string;
  readonly poolSpec: PoolSpec;
  readonly when: TaskPlan["when"];
}

function planTask(spec: ClusterSpec, context: PlanContext, { pool, poolSpec, when }: TaskOf): TaskPlan[] {
  const task = when === "before" ? poolSpec.beforeRelease : poolSpec.afterRelease;
  if (task === null) return [];
  const key = `${pool}-${when}-release`;
  const image = imageFor(context, `pool:${pool}`, poolSpec.image);
  // What one node has alone is not the release's.
  const shared = Object.entries(poolSpec.volumes).filter(([, volume]) => volume.shared);
  const given = containerOptions({ ...poolSpec, volumes: Object.fromEntries(shared) }, context, (name) =>
    volumeName(spec, context, `${pool}-all`, name),
  );
  const variables = environmentOf(poolSpec, context);
  return [
    {
      ...machine(spec, context, key, image),
      role: "task",
      pool,
      shownAs: poolSpec.name,
      when,
      release: releaseOf(
        { image, command: task.command, user: given.user, files: given.files },
        variables,
        context,
      ),
      environment: {
        HOTSPARE_CLUSTER: spec.id,
        HOTSPARE_NODE: key,
        PORT: String(poolSpec.port),
        ...variables,
      },
      cpus: poolSpec.cpus,
      memory: poolSpec.memory,
      readOnly: poolSpec.readOnly,
      timeout: task.timeout,
      noted: context.goingBack === true,
      ...given,
      command: task.command,
    },
  ];
}

/** Another program, another image, account or file, another variable or value of a secret: not bounds and numbers. */
function releaseOf(
  program: object,
  variables: PoolSpec["environment"],
  { secrets }: Pick<PlanContext, "secrets">,
): string {
  const sorted = Object.entries(variables)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => [name, isSecret(value) ? [value.secret, secrets?.[value.secret] ?? ""] : value]);
  return fingerprint(JSON.stringify([program, sorted]));
}
