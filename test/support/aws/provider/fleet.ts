import type { Fields } from "../catalogue/types.ts";
import { within } from "../rules/types.ts";
import type { Thing, World } from "./world.ts";

/*
 * Machines of the groups and the changes that roll through them, as EC2 Auto Scaling keeps them: what a group launches is of the
 * template that it has at that moment, and a change that is turned back ends with the one that it had when the change began.
 */

/** What machines are made of: `<id of the template>:<version>`, in a mixed policy as well. */
export type Making = string;

export interface Refresh {
  readonly id: string;
  readonly desired: Making;
  /** What the group had when it began. */
  readonly before: Making;
  status:
    | "InProgress"
    | "Cancelling"
    | "Successful"
    | "RollbackSuccessful"
    | "RollbackFailed"
    | "Cancelled"
    | "Failed";
  readonly reason: string | null;
  looks: number;
}

interface Members {
  machines: Making[];
  readonly refreshes: Refresh[];
}

export const groupType = "aws:autoscaling/group:Group";

export class Fleet {
  /** Why changes that begin from now on are turned back, e.g. an alarm or machines that don't get ready; null where all goes well. */
  refuses: string | null = null;
  /** Whether changes stay under way until it is false again. */
  holds = false;
  readonly #world: World;
  readonly #members = new Map<string, Members>();
  readonly #broken = new Set<Making>();

  constructor(world: World) {
    this.#world = world;
  }

  /** What the provider does once a group is there. */
  made(thing: Thing): void {
    if (thing.token !== groupType) return;
    const machines = Array<Making>(Number(thing.inputs.desiredCapacity)).fill(makingOf(thing.inputs));
    this.#members.set(String(thing.inputs.name), { machines, refreshes: [] });
  }

  /**
   * What the provider does once a group is changed, in its order: its own template is another one by then, and only now the change of
   * its machines begins (hashicorp/terraform-provider-aws, internal/service/autoscaling/group.go, resourceGroupUpdate).
   */
  changed({ token, inputs }: Thing, paths: readonly string[]): void {
    if (token !== groupType) return;
    this.#resize(inputs);
    const another = paths.some((path) => /^(launchTemplate|mixedInstancesPolicy)\b/.test(path));
    if (another && inputs.instanceRefresh !== undefined) this.begin(String(inputs.name), makingOf(inputs));
  }

  /** A change of a group's machines begins. @throws Error while another one is under way */
  begin(name: string, desired: Making): Refresh {
    const { refreshes } = this.#of(name);
    if (refreshes.some(({ status }) => status === "InProgress"))
      throw new Error("InstanceRefreshInProgress: an instance refresh is already in progress");
    if (this.refuses !== null) this.#broken.add(desired);
    const id = `refresh-${refreshes.length}`;
    const before = makingOf(this.group(name)?.inputs ?? {});
    const begun: Refresh = { id, desired, before, status: "InProgress", reason: this.refuses, looks: 0 };
    refreshes.unshift(begun);
    return begun;
  }

  cancel(name: string): boolean {
    const running = this.#of(name).refreshes.find(({ status }) => status === "InProgress");
    if (running !== undefined) running.status = "Cancelled";
    return running !== undefined;
  }

  /** The changes of a group, the newest first; each is further with every look. */
  refreshes(name: string): readonly Refresh[] {
    const { refreshes } = this.#members.get(name) ?? { refreshes: [] };
    for (const refresh of refreshes)
      if (refresh.status === "InProgress" && !this.holds) this.#goOn(name, refresh);
    return refreshes;
  }

  /** What a group's machines are made of, one by one. */
  machines(name: string): readonly Making[] {
    return this.#of(name).machines;
  }

  /** Those of them that got ready. */
  serving(name: string): readonly Making[] {
    return this.machines(name).filter((making) => !this.#broken.has(making));
  }

  /** The group launches one more, as it does for one that is lost. @returns what it is made of */
  launch(name: string): Making {
    const making = makingOf(this.group(name)?.inputs ?? {});
    this.#of(name).machines.push(making);
    return making;
  }

  group(name: string): Thing | undefined {
    return this.#world.things.find(({ token, inputs }) => token === groupType && inputs.name === name);
  }

  #goOn(name: string, refresh: Refresh): void {
    if (refresh.looks++ === 0) return;
    const members = this.#of(name);
    const isBroken = this.#broken.has(refresh.desired);
    const left = isBroken ? refresh.before : refresh.desired;
    members.machines = members.machines.map(() => left);
    if (isBroken) refresh.status = this.#broken.has(refresh.before) ? "RollbackFailed" : "RollbackSuccessful";
    else {
      refresh.status = "Successful";
      const group = this.group(name);
      if (group !== undefined) this.#world.meddle(group, madeOf(group.inputs, refresh.desired));
    }
  }

  #resize({ name, desiredCapacity }: Fields): void {
    const members = this.#of(String(name));
    const last = members.machines.at(-1) ?? "";
    members.machines = Array.from(
      { length: Number(desiredCapacity) },
      (_, index) => members.machines[index] ?? last,
    );
  }

  #of(name: string): Members {
    const known = this.#members.get(name) ?? { machines: [], refreshes: [] };
    this.#members.set(name, known);
    return known;
  }
}

const mixedPath = ["mixedInstancesPolicy", "launchTemplate", "launchTemplateSpecification"] as const;

/** What a group launches by its inputs. */
export function makingOf(inputs: Fields): Making {
  const mixed = mixedPath.reduce<Fields>((value, field) => within(value, field), inputs);
  const { id, version } = within(inputs, "launchTemplate");
  return `${id ?? mixed.launchTemplateId}:${version ?? mixed.version}`;
}

/** A group's inputs that launch something else. */
export function madeOf(inputs: Fields, making: Making): Fields {
  const [id, version] = making.split(":");
  if (inputs.mixedInstancesPolicy === undefined) return { launchTemplate: { id, version } };
  const policy = within(inputs, "mixedInstancesPolicy");
  const launchTemplate = {
    ...within(policy, "launchTemplate"),
    launchTemplateSpecification: { launchTemplateId: id, version },
  };
  return { mixedInstancesPolicy: { ...policy, launchTemplate } };
}
