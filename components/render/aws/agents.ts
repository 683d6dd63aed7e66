import { metrics } from "../../plan/platforms/aws/names.ts";
import type { AwsPlan } from "../../plan/platforms/aws/types.ts";
import type { GroupPlan } from "../../plan/types.ts";
import { environmentFile } from "../machine/environment-file.ts";
import type { Logs } from "../machine/logs.ts";
import { afterNetwork, serviceUnit } from "../machine/unit.ts";
import { type Architecture, agentAddress } from "./agent-address.ts";
import { bootstrapLog } from "./user-data.ts";

/** Installs AWS's agents; nothing waits for it. */
export const agentsUnit = "hotspare-agents.service";
const agentsEnvironment = "/etc/hotspare/agents.env";
const agentConfiguration = "/etc/hotspare/cloudwatch-agent.json";

/** What cloud-init says, and what the program says that makes a machine of the bundle. */
const firstBootLogs = ["/var/log/cloud-init-output.log", bootstrapLog];

/**
 * The session manager's agent, which is how people get onto a machine, and CloudWatch's, which sends logs and what only the machine
 * knows of itself. Debian's image has neither. They are fetched by a service of its own and before all else, so that a machine that
 * can't get them serves all the same, and one that doesn't get ready can be looked at.
 *
 * @param logGroup name of the group's log group
 */
export function agentFiles(
  aws: Pick<AwsPlan, "region" | "agents">,
  group: GroupPlan,
  logGroup: string,
  logs: Logs,
): Readonly<Record<string, string>> {
  const files = [...logs.appended, ...(logs.reopened === null ? [] : [logs.reopened.file]), ...firstBootLogs];
  const unit = serviceUnit(agentsUnit, "Installs the agents for sessions, logs and metrics", afterNetwork, [
    // Counts as started at once, unlike a oneshot.
    "Type=exec",
    `EnvironmentFile=${agentsEnvironment}`,
    `ExecStart=/usr/bin/hotspare-agents ${agentConfiguration}`,
    "Restart=on-failure",
    "RestartSec=60",
  ]);
  return {
    ...Object.fromEntries([unit]),
    [agentsEnvironment]: environmentFile(agentValues(aws, group.machine.architecture)),
    [agentConfiguration]: `${JSON.stringify(configuration(group, logGroup, files), null, 1)}\n`,
  };
}

/** Where the packages are, and what they must be; a digest is left out where nobody has recorded one. */
function agentValues({ region, agents }: Pick<AwsPlan, "region" | "agents">, architecture: Architecture) {
  const { session, cloudwatch } = agents;
  return {
    HOTSPARE_SESSION_AGENT: agentAddress("session", region, architecture, session?.version),
    ...(session === null ? {} : { HOTSPARE_SESSION_AGENT_SHA256: session.sha256[architecture] }),
    HOTSPARE_CLOUDWATCH_AGENT: agentAddress("cloudwatch", region, architecture, cloudwatch?.version),
    ...(cloudwatch === null ? {} : { HOTSPARE_CLOUDWATCH_AGENT_SHA256: cloudwatch.sha256[architecture] }),
  };
}

/** As the CloudWatch agent reads it (CloudWatch user guide, Manually create or edit the CloudWatch agent configuration file). */
function configuration(group: GroupPlan, logGroup: string, files: readonly string[]) {
  return {
    // Some logs are root's alone.
    agent: { metrics_collection_interval: 60, run_as_user: "root", omit_hostname: true },
    logs: {
      logs_collected: {
        files: {
          // One by one: of a pattern the agent reads the newest file only.
          collect_list: files.map((path) => ({
            file_path: path,
            log_group_name: logGroup,
            log_stream_name: `{instance_id}/${path.slice(path.lastIndexOf("/") + 1).replace(/\.log$/, "")}`,
          })),
        },
      },
    },
    metrics: {
      namespace: metrics.namespace,
      // The group's name as a constant: by its own means the agent would need the right to read tags.
      metrics_collected: {
        mem: { measurement: ["used_percent"], append_dimensions: { Group: group.name } },
        disk: {
          measurement: ["used_percent"],
          resources: ["/"],
          drop_device: true,
          append_dimensions: { Group: group.name },
        },
      },
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the agent's to fill in.
      append_dimensions: { InstanceId: "${aws:InstanceId}" },
      // For the group as a whole too, since machines come and go.
      aggregation_dimensions: [["Group"]],
    },
  };
}
