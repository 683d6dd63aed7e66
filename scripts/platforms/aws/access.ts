import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";

/** Clients of the services that the commands ask, all of one region and one account. */
export interface AwsAccess {
  readonly region: string;
  readonly autoScaling: AutoScalingClient;
  readonly cloudWatch: CloudWatchClient;
  readonly ec2: EC2Client;
  readonly elb: ElasticLoadBalancingV2Client;
}

/**
 * Credentials are found as the AWS CLI finds them: environment, profiles, SSO, a role of the machine. A person waits for the answer,
 * so a call that gets none is given up after some seconds (milliseconds below) and tried again.
 */
export function awsAccess(region: string): AwsAccess {
  const options = {
    region,
    maxAttempts: 4,
    requestHandler: { connectionTimeout: 3000, requestTimeout: 15_000, throwOnRequestTimeout: true },
  };
  return {
    region,
    autoScaling: new AutoScalingClient(options),
    cloudWatch: new CloudWatchClient(options),
    ec2: new EC2Client(options),
    elb: new ElasticLoadBalancingV2Client(options),
  };
}
