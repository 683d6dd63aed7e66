import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  SetDesiredCapacityCommand,
} from "@aws-sdk/client-auto-scaling";
import { DescribeInstancesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { folders } from "../../infra/folders.mjs";
import { followerProgram } from "../../infra/grounds/aws/follower-program.ts";
import type { MembersDocument } from "../../infra/runtime/follower/members.ts";
import { installNode, NODE_PACKAGES } from "../../scripts/toolchain/node-binary.mjs";
import { credentials, region, zones } from "./aws/facts.ts";
import type { Aws } from "./aws/moto.ts";
import { standGroup, standTemplate } from "./aws/standing.ts";
import { ControlStub } from "./control-stub.ts";

/** Groups in moto, whose machines are there at once. */
export class Cloud {
  readonly scaling: AutoScalingClient;
  readonly ec2: EC2Client;

  constructor(aws: Aws) {
    const client = { endpoint: aws.url, region, credentials };
    this.scaling = new AutoScalingClient(client);
    this.ec2 = new EC2Client(client);
  }

  /** What groups launch from; once after a reset. */
  async prepare(): Promise<void> {
    await standTemplate(this.ec2, "node");
  }

  async group(name: string, desired: number): Promise<void> {
    const count = { min: 0, max: 20, desired };
    await standGroup(this.scaling, { name, template: "node", count, place: { zones: zones.slice(0, 1) } });
  }

  async scale(name: string, desired: number): Promise<void> {
    await this.scaling.send(
      new SetDesiredCapacityCommand({ AutoScalingGroupName: name, DesiredCapacity: desired }),
    );
  }

  /** Address by id of who is in a group, as moto has made them up. */
  async addresses(name: string): Promise<Record<string, string>> {
    const { AutoScalingGroups: groups = [] } = await this.scaling.send(
      new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }),
    );
    const InstanceIds = (groups[0]?.Instances ?? []).flatMap(({ InstanceId }) => InstanceId ?? []);
    if (InstanceIds.length === 0) return {};
    const { Reservations = [] } = await this.ec2.send(new DescribeInstancesCommand({ InstanceIds }));
    return Object.fromEntries(
      Reservations.flatMap(({ Instances = [] }) => Instances).map((one) => [
        one.InstanceId,
        one.PrivateIpAddress,
      ]),
    );
  }
}

/** Node as Debian 13 has it; where npm has none of its age for this machine, our own. */
async function debianNode(): Promise<string> {
  const target = `${process.platform}-${process.arch}`;
  const name = NODE_PACKAGES[target]?.name;
  if (target !== "linux-x64" || name === undefined) return process.execPath;
  return installNode(folders().cache, target, { name, version: "20.19.2" });
}

/** The follower's program as machines run it, with a folder of its own for nginx's socket and the members. */
export class FollowerProcess {
  readonly nginx: ControlStub;
  readonly lines: Record<string, unknown>[] = [];
  readonly stderr: string[] = [];
  readonly #folder: string;
  #child: ChildProcess | null = null;

  constructor() {
    this.#folder = mkdtempSync(join(tmpdir(), "hotspare-follower-"));
    this.nginx = new ControlStub(join(this.#folder, "control.sock"));
    writeFileSync(join(this.#folder, "follower.mjs"), followerProgram());
  }

  get membersFile(): string {
    return join(this.#folder, "members.json");
  }

  /** null as long as there is none. */
  get stored(): MembersDocument | null {
    return existsSync(this.membersFile) ? JSON.parse(readFileSync(this.membersFile, "utf8")) : null;
  }

  /** @param config fields of follower.json besides the paths @param environment the whole of it, but for PATH */
  async start(config: object, environment: Readonly<Record<string, string>>): Promise<void> {
    const file = join(this.#folder, "follower.json");
    const paths = { control: this.nginx.path, members: this.membersFile };
    writeFileSync(file, JSON.stringify({ ...config, ...paths }));
    const child = spawn(await debianNode(), [join(this.#folder, "follower.mjs"), file], {
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    createInterface({ input: child.stdout }).on("line", (line) => this.lines.push(JSON.parse(line)));
    createInterface({ input: child.stderr }).on("line", (line) => this.stderr.push(line));
    this.#child = child;
  }

  /** Asks it to end. @returns its exit code and how long it took, in ms */
  async end(): Promise<{ code: number | null; took: number }> {
    const child = this.#child;
    if (child === null || child.exitCode !== null) return { code: child?.exitCode ?? null, took: 0 };
    const begun = performance.now();
    const code = new Promise<number | null>((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    return { code: await code, took: performance.now() - begun };
  }

  async remove(): Promise<void> {
    if (this.#child?.exitCode === null) this.#child.kill("SIGKILL");
    await this.nginx.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
