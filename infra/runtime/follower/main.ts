import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { EC2Client } from "@aws-sdk/client-ec2";
import { Log } from "../warden/log.ts";
import { Balancer } from "./balancer.ts";
import { configFile, type FollowerConfig, readConfig } from "./config.ts";
import { Follower, follow } from "./follower.ts";
import { Groups } from "./groups.ts";
import { Publisher, publish } from "./publisher.ts";
import { Trouble } from "./trouble.ts";

/*
 * The follower's process: it keeps the members of the nginx beside it as the groups on AWS are, and publishes what that nginx
 * counts. Configuration is in the file that the command line names; credentials are the machine's.
 */

function configOrExit(): FollowerConfig {
  try {
    return readConfig(process.argv[2] ?? configFile);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(2);
  }
}

// Nothing has to be finished: a document is written whole or not at all, and the next run looks again.
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => process.exit(0));

const config = configOrExit();
const { region, interval, pools } = config;
const log = new Log({ follower: config.follower });
const trouble = new Trouble(log);
const within = (requestTimeout: number) => ({
  requestHandler: { connectionTimeout: 1000, requestTimeout, throwOnRequestTimeout: true },
});
// The rounds are the repetition; a call that is repeated inside one would only be late.
const client = { region, maxAttempts: 1, ...within(2000) };
const names = Object.values(pools).flatMap(({ active, hot }) => (hot === null ? [active] : [active, hot]));
const groups = new Groups(new AutoScalingClient(client), new EC2Client(client), names);
const balancer = new Balancer(config.control, config.members);
const follower = new Follower({ pools, groups, balancer, log, trouble });
const publisher = new Publisher({
  names: config.metrics,
  pools,
  groups: () => follower.seen,
  balancer,
  client: new CloudWatchClient({ region, ...within(5000) }),
  trouble,
});

log.say("begin", `it follows ${names.join(", ")}`);
await Promise.all([follow(follower, interval), publish(publisher)]);
