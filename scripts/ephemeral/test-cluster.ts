import { setTimeout as sleep } from "node:timers/promises";
import { withPool } from "../drill/faults/up.ts";
import type { Report } from "../drill/report/document.ts";
import type { EphemeralGround, EphemeralMachine, ProgramResult } from "../platforms/contract.ts";
import type { ClusterStatus, MachineStatus } from "../status/cluster-status.ts";
import { after, now } from "./clock.ts";
import { up } from "./create.ts";
import { type EphemeralRecord, ownershipOf } from "./record.ts";
import { remove } from "./remove.ts";
import { runIn, tryIn, type Watch } from "./run-in.ts";
import { change, folderOf } from "./store.ts";
import { readSource, writeSource } from "./surroundings.ts";

/** One machine of a cluster, to be broken and looked at. It stays the same machine when its container is replaced. */
export class TestMachine {
  /** E.g. `web-1`. */
  readonly key: string;
  /** `active`, `hot`, `cold`, `balancer`, `door`, `warden` or `filter`. */
  readonly role: string;
  /** In the cluster's network. */
  readonly address: string;
  readonly #find: () => Promise<EphemeralMachine>;

  constructor({ key, role, address }: EphemeralMachine, find: () => Promise<EphemeralMachine>) {
    this.key = key;
    this.role = role;
    this.address = address;
    this.#find = find;
  }

  /** Ends its programs at once, as a loss of power does. The wardens start it again after a while, as they do in production. */
  async kill(): Promise<void> {
    await (await this.#find()).kill();
  }

  /** Asks its programs to end, and waits for that. */
  async stop(): Promise<void> {
    await (await this.#find()).stop();
  }

  async start(): Promise<void> {
    await (await this.#find()).start();
  }

  /** Lets it stand still with its connections open, as a machine that hangs. */
  async freeze(): Promise<void> {
    await (await this.#find()).freeze();
  }

  /** The end of {@link freeze}. */
  async thaw(): Promise<void> {
    await (await this.#find()).thaw();
  }

  /** The newest lines that it wrote. @param lines at most so many */
  async logs(lines = 200): Promise<string> {
    return (await this.#find()).logs(lines);
  }

  /** Runs a program on it; its exit code is for you to judge. */
  async exec(...command: string[]): Promise<ProgramResult> {
    return (await this.#find()).exec(command);
  }
}

/**
 * A cluster of one's own: the same components, balancers and wardens as in production, stood up by the real engine. Goes when the process
 * that started it ends, however that ends.
 */
export class TestCluster implements AsyncDisposable {
  readonly name: string;
  /** Where clients reach it, e.g. `http://127.0.0.1:23412`. */
  readonly url: string;
  readonly #record: EphemeralRecord;
  readonly #ground: EphemeralGround;
  readonly #watch: Watch;
  #machines: readonly TestMachine[] = [];

  private constructor(record: EphemeralRecord, ground: EphemeralGround, watch: Watch) {
    this.name = record.name;
    this.url = record.url ?? "";
    this.#record = record;
    this.#ground = ground;
    this.#watch = watch;
  }

  /** The cluster of a record that stands. */
  static async of(record: EphemeralRecord, ground: EphemeralGround, watch: Watch): Promise<TestCluster> {
    const cluster = new TestCluster(record, ground, watch);
    await cluster.#look();
    return cluster;
  }

  /** Its nodes, active ones before standbys, by key. */
  get nodes(): readonly TestMachine[] {
    const order = ["active", "hot", "cold"];
    return this.#machines
      .filter(({ role }) => order.includes(role))
      .sort((a, b) => order.indexOf(a.role) - order.indexOf(b.role));
  }

  get balancers(): readonly TestMachine[] {
    return this.#machines.filter(({ role }) => role === "balancer");
  }

  get wardens(): readonly TestMachine[] {
    return this.#machines.filter(({ role }) => role === "warden");
  }

  /** One machine. @throws Error for a key that there isn't, with those that there are */
  machine(key: string): TestMachine {
    const found = this.#machines.find((machine) => machine.key === key);
    if (found !== undefined) return found;
    throw new Error(
      `${this.name} has no machine "${key}"; it has ${this.#machines.map((one) => one.key).join(", ")}`,
    );
  }

  /** What the kit itself sees of it: as `./hotspare status --json`. */
  async status(): Promise<ClusterStatus> {
    const { stdout } = await tryIn(this.name, ["status", this.#record.stack, "--json"], this.#watch);
    return JSON.parse(stdout) as ClusterStatus;
  }

  /**
   * Waits until the cluster is as you say; by default until all is as planned.
   *
   * @param isThere gets the status, again and again
   * @param patience milliseconds
   * @throws Error with what was found last when the time is over
   */
  async waitFor(
    isThere: (status: ClusterStatus) => boolean = ({ state }) => state === "ok",
    patience = 60_000,
  ): Promise<ClusterStatus> {
    const deadline = Date.now() + patience;
    for (;;) {
      const status = await this.status();
      if (isThere(status)) return status;
      if (Date.now() > deadline)
        throw new Error(
          `${this.name} is not as awaited after ${patience} ms: ${status.state}; ${[...status.findings, ...status.machines.map(machineWords)].join("; ")}`,
        );
      await sleep(100);
    }
  }

  /**
   * Changes how many active nodes a pool has, by a real `up`: no request is lost by it.
   *
   * @param pool its id; may be left out where there is one pool
   */
  async scale(active: number, pool = this.#onlyPool()): Promise<void> {
    const folder = folderOf(this.name);
    writeSource(folder, withPool(readSource(folder), pool, { active }));
    await up(this.name, this.#record.stack, this.#watch);
    await this.#look();
  }

  /**
   * Runs drills under load, as `./hotspare drill --only`.
   *
   * @param ids e.g. `node-killed`
   * @returns the report, whatever the verdicts are
   * @throws UserError when they could not be run
   */
  async drill(...ids: string[]): Promise<Report> {
    const { exitCode, stdout, stderr } = await tryIn(
      this.name,
      ["drill", this.#record.stack, "--only", ids.join(","), "--json"],
      this.#watch,
    );
    const report = JSON.parse(stdout || "{}") as Partial<Report>;
    if (report.drills === undefined) throw new Error(`drill ended with ${exitCode}: ${stderr.trim()}`);
    return report as Report;
  }

  /** Stops every machine where it stands, until {@link resume}. */
  async pause(): Promise<void> {
    await this.#ground.pause(ownershipOf(this.#record));
  }

  async resume(): Promise<void> {
    await this.#ground.resume(ownershipOf(this.#record));
  }

  /** Lets it stand so much longer, from now. @param ttl milliseconds */
  extend(ttl: number): void {
    change(this.name, { expires: after(ttl, now()) });
  }

  /** Runs another of the kit's commands on it, e.g. `["events"]`. @returns what it wrote @throws UserError when it fails */
  async command(verb: string, ...options: string[]): Promise<string> {
    const { stdout } = await runIn(this.name, [verb, this.#record.stack, ...options], this.#watch);
    return stdout;
  }

  /** Removes all of it. */
  async down(): Promise<void> {
    await remove(this.#record);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.down();
  }

  async #look(): Promise<void> {
    const machines = await this.#ground.machines(ownershipOf(this.#record));
    const find = async (key: string) => {
      const found = (await this.#ground.machines(ownershipOf(this.#record))).findLast(
        (machine) => machine.key === key,
      );
      if (found === undefined) throw new Error(`${this.name}: the machine ${key} is gone`);
      return found;
    };
    const newest = new Map(machines.map((machine) => [machine.key, machine]));
    this.#machines = [...newest.values()].map((machine) => new TestMachine(machine, () => find(machine.key)));
  }

  #onlyPool(): string {
    const { pools } = readSource(folderOf(this.name)).input as { pools: Record<string, { id?: string }> };
    const ids = Object.entries(pools).map(([name, { id }]) => id ?? name);
    if (ids.length === 1) return ids[0] as string;
    throw new Error(`${this.name} has the pools ${ids.join(", ")}; say which`);
  }
}

const machineWords = ({ key, state, healthy, inRotation }: MachineStatus) =>
  `${key} ${state}${healthy === false ? ", unhealthy" : ""}${inRotation === false ? ", not in rotation" : ""}`;
