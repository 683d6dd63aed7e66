import { type AutoScalingClient, paginateDescribeAutoScalingGroups } from "@aws-sdk/client-auto-scaling";
import { type EC2Client, paginateDescribeInstances } from "@aws-sdk/client-ec2";
import type { SeenGroup, SeenInstance } from "./members.ts";

/** What the platform told. */
export interface Observed {
  /** By name; a group that doesn't exist is left out. */
  readonly groups: Readonly<Record<string, SeenGroup>>;
  /** Why addresses of new instances aren't known; null when all are. */
  readonly unknown: Error | null;
}

/** Most values of one filter of EC2's (API reference, Filter). */
const mostIds = 200;
/** How long an instance that goes is remembered, in ms: longer than any answer of AWS is behind. */
const remembered = 600_000;

/**
 * Who is in the groups, as AWS tells it. Instances are asked for their address once in their life.
 *
 * AWS's answers come from several places, and one may be older than the one before. An instance that goes never comes back into
 * service, so one that was seen going is going, whatever a later answer says.
 */
export class Groups {
  readonly #scaling: AutoScalingClient;
  readonly #ec2: EC2Client;
  readonly #names: readonly string[];
  readonly #addresses = new Map<string, string>();
  /** When each instance that goes was seen, monotonic ms. */
  readonly #going = new Map<string, number>();

  constructor(scaling: AutoScalingClient, ec2: EC2Client, names: readonly string[]) {
    this.#scaling = scaling;
    this.#ec2 = ec2;
    this.#names = names;
  }

  /**
   * @param now monotonic ms
   * @throws Error when the groups aren't told. Addresses that aren't told are no reason: who goes is known without.
   */
  async look(now: number, signal: AbortSignal): Promise<Observed> {
    const told = await this.#askGroups(signal);
    const instances = Object.values(told).flatMap((group) => group.instances);
    this.#remember(instances, now);
    const unknown = await this.#learnAddresses(instances, signal).then(
      () => null,
      (error: Error) => error,
    );
    const groups = Object.entries(told).map(([name, { desired, instances }]): [string, SeenGroup] => [
      name,
      { desired, instances: instances.map((one) => this.#seen(one)) },
    ]);
    return { groups: Object.fromEntries(groups), unknown };
  }

  async #askGroups(signal: AbortSignal): Promise<Record<string, ToldGroup>> {
    const told: Record<string, ToldGroup> = {};
    const pages = paginateDescribeAutoScalingGroups(
      { client: this.#scaling, pageSize: 100 },
      { AutoScalingGroupNames: [...this.#names] },
      { abortSignal: signal },
    );
    for await (const { AutoScalingGroups = [] } of pages) {
      for (const { AutoScalingGroupName, DesiredCapacity = 0, Instances = [] } of AutoScalingGroups) {
        if (AutoScalingGroupName === undefined) continue;
        const instances = Instances.flatMap(({ InstanceId: id, LifecycleState: state }) =>
          id === undefined || state === undefined ? [] : [{ id, state }],
        );
        told[AutoScalingGroupName] = { desired: DesiredCapacity, instances };
      }
    }
    return told;
  }

  #remember(instances: readonly ToldInstance[], now: number): void {
    for (const { id, state } of instances) if (state.startsWith("Terminat")) this.#going.set(id, now);
    for (const [id, seen] of this.#going) if (now - seen > remembered) this.#going.delete(id);
    const there = new Set(instances.map(({ id }) => id));
    for (const id of this.#addresses.keys()) if (!there.has(id)) this.#addresses.delete(id);
  }

  /** By a filter and not by their ids: one id that EC2 doesn't know yet would fail the call for all. */
  async #learnAddresses(instances: readonly ToldInstance[], signal: AbortSignal): Promise<void> {
    const ids = instances
      .filter(({ id, state }) => state === "InService" && !this.#addresses.has(id))
      .map(({ id }) => id);
    for (let from = 0; from < ids.length; from += mostIds) {
      const pages = paginateDescribeInstances(
        { client: this.#ec2 },
        { Filters: [{ Name: "instance-id", Values: ids.slice(from, from + mostIds) }] },
        { abortSignal: signal },
      );
      for await (const { Reservations = [] } of pages) {
        for (const { InstanceId, PrivateIpAddress } of Reservations.flatMap((one) => one.Instances ?? [])) {
          if (InstanceId !== undefined && PrivateIpAddress !== undefined && PrivateIpAddress !== "")
            this.#addresses.set(InstanceId, PrivateIpAddress);
        }
      }
    }
    const missing = ids.filter((id) => !this.#addresses.has(id));
    if (missing.length > 0) throw new Error(`EC2 tells no address of ${missing.join(", ")}`);
  }

  #seen({ id, state }: ToldInstance): SeenInstance {
    const going = this.#going.has(id) && state === "InService";
    return { id, state: going ? "Terminating" : state, address: this.#addresses.get(id) ?? null };
  }
}

interface ToldInstance {
  readonly id: string;
  readonly state: string;
}

interface ToldGroup {
  readonly desired: number;
  readonly instances: readonly ToldInstance[];
}
