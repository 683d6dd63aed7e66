import {
  AttachInstancesCommand,
  AutoScalingClient,
  DetachInstancesCommand,
} from "@aws-sdk/client-auto-scaling";
import { EC2Client, RunInstancesCommand } from "@aws-sdk/client-ec2";
import type { ClusterPlan } from "../../../../components/plan/types.ts";
import { credentials, machineImage } from "../facts.ts";
import { standGroup, standNetwork, standTemplate } from "../standing.ts";

/** What stands in moto behind a test's machines: groups whose members the test decides, a bucket, parameters. */
export class Account {
  readonly #region: string;
  readonly #address: string;
  readonly #groups: AutoScalingClient;
  readonly #machines: EC2Client;
  #subnet = "";

  /** @param address moto's */
  constructor(region: string, address: string) {
    this.#region = region;
    this.#address = address;
    const options = { region, endpoint: this.#address, credentials };
    this.#groups = new AutoScalingClient(options);
    this.#machines = new EC2Client(options);
  }

  /** Makes the plan's groups without a machine, in a network of this range. */
  async create({ groups }: ClusterPlan, range: string): Promise<void> {
    const zone = `${this.#region}a`;
    const { subnets } = await standNetwork(this.#machines, range, [{ zone, cidr: range }]);
    this.#subnet = subnets[0] ?? "";
    for (const { name, count } of groups) {
      await standTemplate(this.#machines, name);
      const empty = { min: 0, max: count.max + 4, desired: 0 };
      await standGroup(this.#groups, { name, template: name, count: empty, place: { subnets } });
    }
  }

  /** A new machine with this address, in no group yet; gives its id. */
  async launch(address: string): Promise<string> {
    const answer = await this.#machines.send(
      new RunInstancesCommand({
        ImageId: machineImage,
        InstanceType: "t4g.small",
        MinCount: 1,
        MaxCount: 1,
        SubnetId: this.#subnet,
        PrivateIpAddress: address,
      }),
    );
    const id = answer.Instances?.[0]?.InstanceId;
    if (id === undefined) throw new Error(`no machine was made for ${address}`);
    return id;
  }

  async join(group: string, instance: string): Promise<void> {
    await this.#groups.send(
      new AttachInstancesCommand({ AutoScalingGroupName: group, InstanceIds: [instance] }),
    );
  }

  async leave(group: string, instance: string): Promise<void> {
    const which = { AutoScalingGroupName: group, InstanceIds: [instance] };
    await this.#groups.send(new DetachInstancesCommand({ ...which, ShouldDecrementDesiredCapacity: true }));
  }

  async object(bucket: string, key: string, content: Buffer): Promise<void> {
    const location = `<CreateBucketConfiguration><LocationConstraint>${this.#region}</LocationConstraint></CreateBucketConfiguration>`;
    await this.#call("s3", `/${bucket}`, { method: "PUT", body: location }, [200, 409]);
    await this.#call("s3", `/${bucket}/${key}`, { method: "PUT", body: new Uint8Array(content) });
  }

  async parameter(name: string, value: string): Promise<void> {
    const body = JSON.stringify({ Name: name, Value: value, Type: "SecureString", Overwrite: true });
    const headers = {
      "x-amz-target": "AmazonSSM.PutParameter",
      "content-type": "application/x-amz-json-1.1",
    };
    await this.#call("ssm", "/", { method: "POST", body, headers });
  }

  end(): void {
    this.#groups.destroy();
    this.#machines.destroy();
  }

  /** Of services whose client isn't needed elsewhere. moto goes by what a signature is for and doesn't check it. */
  async #call(service: string, path: string, init: RequestInit, fine: readonly number[] = [200]) {
    const scope = `test/20260101/${this.#region}/${service}/aws4_request`;
    const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`;
    const headers = { ...init.headers, authorization };
    const answer = await fetch(`${this.#address}${path}`, { ...init, headers });
    if (!fine.includes(answer.status))
      throw new Error(`${service} ${path}: ${answer.status} ${await answer.text()}`);
  }
}
