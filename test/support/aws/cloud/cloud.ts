import { mkdtempSync, rmSync } from "node:fs";
import { createServer as createPlain, type Server } from "node:http";
import { createServer as createSecure } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clusterNames } from "../../../../components/plan/platforms/aws/names.ts";
import { awsPlanOf } from "../../../../components/plan/platforms/aws/part.ts";
import type { ClusterPlan, GroupPlan } from "../../../../components/plan/types.ts";
import { docker, labelOf, put, removeAll } from "../../containers.ts";
import type { Aws } from "../moto.ts";
import { Account } from "./account.ts";
import { issue } from "./certificates.ts";
import { cloudMachineImage } from "./image.ts";
import { CloudMachine } from "./machine.ts";
import { answerMetadata, type MachineMetadata } from "./metadata.ts";
import { byPath, type Completed, hookResponder } from "./services.ts";

/*
 * AWS in a box: a network whose machines find AWS's services under their own names and by TLS, with moto behind them, and metadata that
 * know who asks. What is AWS's own to do (to call a machine in service when its hook is completed, to take it out) is done here.
 */

/** Of the test's network; the first address is the host's. */
const range = "10.78.44.0/24";
const gateway = "10.78.44.1";
const addressOf = (index: number) => `10.78.44.${10 + index}`;
const metadataPort = 8169;
const trusted = "/etc/hotspare-test/authority.pem";

export class Cloud {
  readonly account: Account;
  /** Hooks that were completed while the group waited for them, in their order. */
  readonly completed: Completed[] = [];
  /** Files that machines may fetch from buckets of AWS's own, by host and path; any other isn't there. */
  readonly downloads = new Map<string, Buffer>();
  readonly #suite: string;
  readonly #plan: ClusterPlan;
  readonly #region: string;
  readonly #machines = new Map<string, MachineMetadata & { waits: boolean; group: GroupPlan }>();
  readonly #servers: Server[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), "hotspare-cloud-"));
  #authority = "";
  #launched = 0;

  private constructor(suite: string, plan: ClusterPlan, region: string, aws: Aws) {
    this.#suite = suite;
    this.#plan = plan;
    this.#region = region;
    this.account = new Account(region, aws.url);
  }

  /** @param aws moto; it is the caller's to stop */
  static async create(suite: string, plan: ClusterPlan, aws: Aws): Promise<Cloud> {
    const cloud = new Cloud(suite, plan, awsPlanOf(plan).region, aws);
    await removeAll(suite);
    const IPAM = { Config: [{ Subnet: range, Gateway: gateway }] };
    await docker.createNetwork({ Name: `hotspare-test-${suite}`, Labels: labelOf(suite), IPAM });
    await cloud.account.create(plan, range);
    await cloud.#listen(aws);
    return cloud;
  }

  async end(): Promise<void> {
    await removeAll(this.#suite);
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
    this.account.end();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Starts a machine of a group with this user data, as EC2 would hand it over. */
  async launch(key: string, userData: Buffer): Promise<CloudMachine> {
    const group = this.#plan.groups.find((candidate) => candidate.key === key);
    if (group === undefined) throw new Error(`there is no group ${key}`);
    this.#launched += 1;
    const address = addressOf(this.#launched);
    const instance = await this.account.launch(address);
    this.#machines.set(address, { instance, target: "InService", waits: true, group });
    const network = `hotspare-test-${this.#suite}`;
    const container = await docker.createContainer({
      Image: await cloudMachineImage(),
      Labels: labelOf(this.#suite),
      Hostname: instance,
      HostConfig: {
        NetworkMode: network,
        // What systemd shuts services in with, mounts of their own; and the machine's own firewall.
        CapAdd: ["NET_ADMIN", "SYS_ADMIN"],
        SecurityOpt: ["apparmor=unconfined"],
        Tmpfs: { "/run": "", "/run/lock": "", "/tmp": "" },
        Binds: ["/sys/fs/cgroup:/sys/fs/cgroup:ro"],
        ExtraHosts: this.#hosts().map((host) => `${host}:${gateway}`),
      },
      NetworkingConfig: { EndpointsConfig: { [network]: { IPAMConfig: { IPv4Address: address } } } },
    });
    await put(container, "/", {
      "var/lib/cloud/seed/nocloud/user-data": userData,
      "var/lib/cloud/seed/nocloud/meta-data": `instance-id: ${instance}\nlocal-hostname: ${instance}\n`,
      [trusted.slice(1)]: this.#authority,
      "etc/systemd/system.conf.d/test.conf": `[Manager]\nDefaultEnvironment=${environment}\n`,
    });
    await container.start();
    return new CloudMachine(container, address, instance, key);
  }

  /** Has the group take a machine out, as it does when it shrinks: no more in service, its hook waited for. */
  async terminate({ address, instance }: CloudMachine): Promise<void> {
    const machine = this.#of(address);
    await this.account.leave(machine.group.name, instance);
    machine.waits = true;
    machine.target = "Terminated";
  }

  /** Whether a machine has completed this hook, and so that it may go on. */
  has({ instance }: CloudMachine, hook: string, result = "CONTINUE"): boolean {
    return this.completed.some(
      (done) => done.instance === instance && done.hook === hook && done.result === result,
    );
  }

  #of(address: string) {
    const machine = this.#machines.get(address);
    if (machine === undefined) throw new Error(`there is no machine at ${address}`);
    return machine;
  }

  /** A group in whose hook a machine waits lets it go on: into service when it was to get there. */
  #complete(completed: Completed): boolean {
    const machine = [...this.#machines.values()].find(({ instance }) => instance === completed.instance);
    const due = machine?.target === "InService" ? "ready" : "drain";
    if (machine === undefined || !machine.waits) return false;
    if (completed.hook !== due || completed.group !== machine.group.name) return false;
    machine.waits = false;
    this.completed.push(completed);
    if (due === "ready" && completed.result === "CONTINUE")
      void this.account.join(machine.group.name, machine.instance);
    return true;
  }

  /** Names of AWS's services in the region, and of the buckets. */
  #hosts(): string[] {
    const names = ["autoscaling", "ec2", "monitoring", "s3", "ssm", "sts"];
    const buckets = [...this.#buckets].map((bucket) => `${bucket}.s3`);
    return [...names, ...buckets].map((name) => `${name}.${this.#region}.amazonaws.com`);
  }

  get #buckets(): string[] {
    return [clusterNames(this.#plan).bucket, `amazoncloudwatch-agent-${this.#region}`];
  }

  async #listen(aws: Aws): Promise<void> {
    const { authority, certificate, key } = await issue(this.#folder, this.#hosts());
    this.#authority = authority;
    const services = createSecure({ cert: certificate, key }, (request, response) => {
      const file = this.downloads.get(`${request.headers.host}${request.url}`);
      byPath(request);
      if (file !== undefined) response.end(file);
      else void aws.handle(request, response);
    });
    aws.answer(
      "CompleteLifecycleAction",
      hookResponder((completed) => this.#complete(completed)),
    );
    const metadata = createPlain((request, response) =>
      answerMetadata((address) => this.#machines.get(address), request, response),
    );
    await Promise.all([this.#open(services, 443), this.#open(metadata, metadataPort)]);
  }

  async #open(server: Server, port: number): Promise<void> {
    this.#servers.push(server);
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, gateway, resolve);
    });
  }
}

/** What makes AWS's tools on a machine believe the test's certificate and ask the test's metadata. */
const environment = Object.entries({
  AWS_CA_BUNDLE: trusted,
  CURL_CA_BUNDLE: trusted,
  SSL_CERT_FILE: trusted,
  NODE_EXTRA_CA_CERTS: trusted,
  // awscli wants the slash.
  AWS_EC2_METADATA_SERVICE_ENDPOINT: `http://${gateway}:${metadataPort}/`,
})
  .map(([name, value]) => `"${name}=${value}"`)
  .join(" ");
