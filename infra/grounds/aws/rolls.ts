import * as pulumi from "@pulumi/pulumi";
import type { AwsAccess } from "../../../components/platform/aws/index.ts";

/** Milliseconds until the engine has heard why a step ended, before the program goes. */
const farewell = 1000;

/**
 * Changes that roll through the groups of a region, for as long as the program runs. Ctrl-C ends the waiting for them and leaves
 * them as they are: AWS's work is neither lost nor turned back by it.
 */
export function rollsIn(region: string): AwsAccess["roll"] {
  const stop = new AbortController();
  const onSignal = () => {
    stop.abort();
    setTimeout(() => process.exit(1), farewell);
  };
  let client: Promise<import("@aws-sdk/client-auto-scaling").AutoScalingClient> | null = null;
  return async (asked, pace) => {
    // Who needs no change needs no SDK.
    client ??= import("@aws-sdk/client-auto-scaling").then(({ AutoScalingClient }) => {
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, onSignal);
      return new AutoScalingClient({ region, maxAttempts: 10, retryMode: "adaptive" });
    });
    const { rollGroup } = await import("./roll.ts");
    const say = (text: string) => void pulumi.log.info(text, undefined, undefined, true);
    await rollGroup({ client: await client, asked, pace, say, signal: stop.signal });
  };
}
