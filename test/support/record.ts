import * as pulumi from "@pulumi/pulumi";
import * as settings from "@pulumi/pulumi/runtime/settings.js";
import * as state from "@pulumi/pulumi/runtime/state.js";

/*
 * Runs a piece of a Pulumi program without an engine and records every registration as the engine would get it: with
 * parents, dependencies and options, which the SDK's own mocks leave out. Works from inside those mocks' monitor, since
 * replacing it switches features off.
 */

/** What the SDK keeps to itself. */
const { getMonitor, waitForRPCs, getStore } = { ...settings, ...state } as unknown as {
  // biome-ignore lint/suspicious/noExplicitAny: the requests and responses have no types
  getMonitor(): { registerResource: (request: any, callback: any) => void };
  waitForRPCs(): Promise<void>;
  getStore(): { callbacks: unknown };
};

export interface Recorded {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  /** URN of the parent; "" for none. */
  readonly parent: string;
  /** As the engine gets them: secrets as {@link Secret}, values of a preview that aren't known yet as {@link unknown}. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** URNs, sorted. */
  readonly dependsOn: readonly string[];
  /** URN and id of the explicit provider; "" for the default one. */
  readonly provider: string;
  readonly protect: boolean;
  readonly ignoreChanges: readonly string[];
  readonly deleteBeforeReplace: boolean;
  readonly aliases: number;
  /** Names of its hooks, by the moment that they run. */
  readonly hooks: Readonly<Record<"beforeCreate" | "afterCreate" | "beforeUpdate", readonly string[]>>;
}

export interface Recording<T> {
  readonly result: T;
  /** In order of registration. */
  readonly resources: readonly Recorded[];
  /** What an engine would have refused. */
  readonly problems: readonly string[];
  /** Errors that nobody caught. */
  readonly stray: readonly unknown[];
  /** What the hooks of that name do, to be called with a resource's inputs. */
  readonly hooks: ReadonlyMap<string, pulumi.ResourceHookFunction>;
}

export interface RecordOptions {
  readonly preview?: boolean;
  readonly project?: string;
  readonly stack?: string;
  /** What the provider would make up besides the inputs, e.g. an ARN. A preview knows none of it. */
  readonly outputs?: (made: { readonly type: string; readonly name: string }) => Record<string, unknown>;
}

/** A value that is secret in the engine's sense. */
export class Secret {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** Stands for a value that isn't known in a preview. */
export const unknown = "<unknown>";

/** Runs `program` and records what it registers. */
export async function record<T>(program: () => T, options: RecordOptions = {}): Promise<Recording<T>> {
  const { preview = false, project = "hotspare", stack = "test" } = options;
  await pulumi.runtime.setMocks(mocks(preview, options.outputs), project, stack, preview);
  const [resources, problems, hooks] = [new Map<string, Recorded>(), [] as string[], new Map()];
  wrapMonitor(resources, problems);
  // The SDK would start a gRPC server for the engine to call hooks; here the caller of `record` runs them.
  getStore().callbacks = {
    awaitStackRegistrations: async () => undefined,
    registerResourceHook: async (hook: pulumi.ResourceHook) => {
      if (hooks.has(hook.name)) problems.push(`two hooks are called ${hook.name}`);
      hooks.set(hook.name, hook.callback);
    },
  };
  const { stray, stop } = catchStray();
  try {
    const result = program();
    await settle();
    return { result, resources: [...resources.values()], problems, stray, hooks };
  } finally {
    stop();
    getStore().callbacks = undefined;
  }
}

/** What the engine's providers answer: the inputs again, and an id that a preview can't know. */
function mocks(preview: boolean, outputs: RecordOptions["outputs"]): pulumi.runtime.Mocks {
  return {
    newResource: ({ name, inputs, custom, type }) => ({
      id: !custom || preview ? undefined : `${type.split(":").at(-1)?.toLowerCase()}-${name}`,
      state: preview ? inputs : { ...outputs?.({ type, name }), ...inputs },
    }),
    call: ({ token }) => {
      throw new Error(`${token} was called: a component asks no provider`);
    },
  };
}

function wrapMonitor(resources: Map<string, Recorded>, problems: string[]): void {
  const monitor = getMonitor();
  const register = monitor.registerResource.bind(monitor);
  // biome-ignore lint/suspicious/noExplicitAny: the SDK's own request and response classes have no types
  monitor.registerResource = (request: any, callback: (error: Error | null, response: any) => void) =>
    // biome-ignore lint/suspicious/noExplicitAny: as above
    register(request, (error: Error | null, response: any) => {
      if (error === null) {
        const urn: string = response.getUrn();
        if (resources.has(urn)) problems.push(`two resources have the URN ${urn}`);
        resources.set(urn, recorded(urn, request));
      }
      callback(error, response);
    });
}

// biome-ignore lint/suspicious/noExplicitAny: the SDK's own request class has no types
function recorded(urn: string, request: any): Recorded {
  const hooks = request.getHooks();
  return {
    urn,
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    parent: request.getParent(),
    inputs: readable(request.getObject()?.toJavaScript() ?? {}) as Record<string, unknown>,
    dependsOn: [...request.getDependenciesList()].sort(),
    provider: request.getProvider(),
    protect: request.getProtect() ?? false,
    ignoreChanges: request.getIgnorechangesList(),
    deleteBeforeReplace: request.getDeletebeforereplace(),
    aliases: request.getAliasesList().length,
    hooks: {
      beforeCreate: hooks?.getBeforeCreateList() ?? [],
      afterCreate: hooks?.getAfterCreateList() ?? [],
      beforeUpdate: hooks?.getBeforeUpdateList() ?? [],
    },
  };
}

const { specialSigKey, specialSecretSig, unknownValue } = pulumi.runtime;

/** The wire's form of secrets and unknowns as something that a test can name. */
function readable(value: unknown): unknown {
  if (value === unknownValue) return unknown;
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== "object" || value === null) return value;
  const fields = value as Record<string, unknown>;
  if (fields[specialSigKey] === specialSecretSig) return new Secret(readable(fields.value));
  return Object.fromEntries(Object.entries(fields).map(([key, inner]) => [key, readable(inner)]));
}

function catchStray(): { stray: unknown[]; stop: () => void } {
  const stray: unknown[] = [];
  const others = process.listeners("unhandledRejection");
  const own = (reason: unknown) => stray.push(reason);
  process.removeAllListeners("unhandledRejection").on("unhandledRejection", own);
  return {
    stray,
    stop: () => {
      process.off("unhandledRejection", own);
      for (const listener of others) process.on("unhandledRejection", listener);
    },
  };
}

/** Until nothing is under way: a registration may begin only after another one is done. */
async function settle(): Promise<void> {
  for (let round = 0; round < 3; round++) {
    await waitForRPCs();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** The value of an output that is known. */
export function known<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}
