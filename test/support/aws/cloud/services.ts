import type { IncomingMessage } from "node:http";
import type { AwsCall, Responder } from "../moto.ts";

/** A hook that a machine has completed. */
export interface Completed {
  readonly hook: string;
  readonly group: string;
  readonly instance: string;
  readonly result: string;
}

/** Turns a request for a bucket by its own name into one that moto understands: with the bucket in the path. */
export function byPath(request: IncomingMessage): void {
  const { host = "" } = request.headers;
  const bucket = /^(.+)\.s3\./.exec(host)?.[1];
  if (bucket === undefined) return;
  request.url = `/${bucket}${request.url}`;
  request.headers.host = host.slice(bucket.length + 1);
}

/**
 * Answers a completed hook as EC2 Auto Scaling does (API reference, CompleteLifecycleAction): only one that the group waits for.
 *
 * @param complete whether the group waits for it just now; it then goes on
 */
export function hookResponder(complete: (completed: Completed) => boolean): Responder {
  return ({ body }: AwsCall) => {
    const fields = new URLSearchParams(body);
    const field = (name: string) => fields.get(name) ?? "";
    const instance = field("InstanceId");
    const completed = {
      hook: field("LifecycleHookName"),
      group: field("AutoScalingGroupName"),
      instance,
      result: field("LifecycleActionResult"),
    };
    const xmlns = 'xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/"';
    const wrapped = (kind: string, inner: string) => `<${kind} ${xmlns}>${inner}</${kind}>`;
    return complete(completed)
      ? {
          status: 200,
          body: wrapped("CompleteLifecycleActionResponse", "<CompleteLifecycleActionResult/>"),
        }
      : {
          status: 400,
          body: wrapped(
            "ErrorResponse",
            `<Error><Type>Sender</Type><Code>ValidationError</Code><Message>No active Lifecycle Action found with instance ID ${instance}</Message></Error><RequestId>0</RequestId>`,
          ),
        };
  };
}
