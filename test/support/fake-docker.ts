import { PassThrough } from "node:stream";
import type Docker from "dockerode";
import type { ClusterPlan } from "../../components/plan/types.ts";

/** A container as a test wants Docker to list it. */
export interface FakeContainer {
  readonly key: string;
  readonly role: string;
  readonly state: string;
  /** What a command in it prints; null when it fails. */
  readonly says?: string | null;
  /** Docker's sentence; the state by default. */
  readonly status?: string;
  /** Milliseconds since its start, an hour by default, and how often it was started again. */
  readonly age?: number;
  readonly restarts?: number;
}

/** A container for every machine of a plan: cold ones made, all others running. */
export function containersOf(plan: ClusterPlan): FakeContainer[] {
  const once = [plan.door, plan.filter].filter((machine) => machine !== null);
  const machines = [...plan.balancers, ...plan.nodes, ...plan.wardens, ...once];
  return machines.map(({ key, role }) => ({ key, role, state: role === "cold" ? "created" : "running" }));
}

/** A Docker client that lists these containers and answers for them. It remembers the filters of its lists. */
export function fakeDocker(containers: readonly FakeContainer[]): { docker: Docker; filters: unknown[] } {
  const filters: unknown[] = [];
  const docker = {
    listContainers: async (options: { filters: string }) => {
      filters.push(JSON.parse(options.filters));
      return containers.map(({ key, role, state, status = state }) => ({
        Id: `id-${key}`,
        Names: [`/${key}`],
        Labels: { "hotspare.key": key, "hotspare.role": role },
        State: state,
        Status: status,
        Image: "image",
        NetworkSettings: { Networks: {} },
      }));
    },
    getContainer: (id: string) => {
      const container = containers.find(({ key }) => `id-${key}` === id);
      const says = container?.says ?? null;
      const { age = 3_600_000, restarts = 0 } = container ?? {};
      return {
        inspect: async () => ({
          RestartCount: restarts,
          State: { StartedAt: new Date(Date.now() - age).toISOString() },
        }),
        exec: async () => ({
          start: async () => {
            const stream = new PassThrough();
            setImmediate(() => stream.emit("end"));
            return Object.assign(stream, { says });
          },
          inspect: async () => ({ ExitCode: says === null ? 7 : 0 }),
        }),
      };
    },
    modem: {
      demuxStream: (stream: { says: string | null }, stdout: { write(chunk: Buffer): void }) =>
        stdout.write(Buffer.from(stream.says ?? "")),
    },
  };
  return { docker: docker as unknown as Docker, filters };
}
