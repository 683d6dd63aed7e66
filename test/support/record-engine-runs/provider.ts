import * as grpc from "@grpc/grpc-js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import statuses from "@pulumi/pulumi/proto/status_pb.js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { answer, basics, ProviderServer } from "./grpc.ts";

/*
 * A provider whose resources exist in its memory only, so that each way in which an engine can replace something is one
 * property of a program:
 *
 * - a property whose name begins with `pin` can't be changed in place; `frail` neither, and it wants the old one gone first;
 * - `ref` is an output that each creation makes again, `revision` one that each update does;
 * - `unhealthy` makes a resource that exists and never becomes well; `impossible` one that can't be made;
 * - a provider's own `region` can't be changed in place, all else of it can.
 */

type Properties = Record<string, unknown>;

/** What really exists, by id; a recording changes it behind the engine's back to make drift. */
export type World = Map<string, Properties>;

/** Stands for a value that only the real creation will tell; the engine's own word for it. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const pinned = (path: string) => path.startsWith("pin") || path === "frail";

export class LabProvider {
  readonly world: World = new Map();
  readonly #server = new ProviderServer();
  #made = 0;

  /** @returns the port on 127.0.0.1 */
  start(): Promise<number> {
    return this.#server.start(this.#handlers());
  }

  stop(): void {
    this.#server.stop();
  }

  #handlers(): grpc.UntypedServiceImplementation {
    const nothing = () => new empty.Empty();
    return {
      ...basics("1.0.0"),
      diffConfig: answer((request) => diff(request, (path) => path === "region")),
      configure: answer(() =>
        new messages.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true),
      ),
      check: answer((request) => new messages.CheckResponse().setInputs(request.getNews())),
      diff: answer((request) => diff(request, pinned)),
      create: answer((request) => this.#create(request)),
      update: answer((request) => this.#update(request)),
      read: answer((request) => this.#read(request)),
      delete: answer((request) => {
        this.world.delete(request.getId());
        return nothing();
      }),
    };
  }

  #create(request: InstanceType<typeof messages.CreateRequest>) {
    const inputs = request.getProperties()?.toJavaScript() ?? {};
    const name = request.getUrn().split("::").at(-1) ?? "";
    if (request.getPreview()) {
      return new messages.CreateResponse().setProperties(
        struct.Struct.fromJavaScript({ ...inputs, ref: unknownValue, revision: unknownValue } as never),
      );
    }
    if (inputs.impossible) throw new Error(`${name} can't be made: there is no room for it`);
    const id = `${name}-${++this.#made}`;
    const state = { ...inputs, ref: `ref-of-${id}`, revision: 1 };
    this.world.set(id, state);
    if (inputs.unhealthy) throw unhealthy(id, state, inputs);
    return new messages.CreateResponse()
      .setId(id)
      .setProperties(struct.Struct.fromJavaScript(state as never));
  }

  #update(request: InstanceType<typeof messages.UpdateRequest>) {
    const old = request.getOlds()?.toJavaScript() ?? {};
    const state = {
      ...request.getNews()?.toJavaScript(),
      ref: old.ref,
      revision: request.getPreview() ? unknownValue : Number(old.revision) + 1,
    };
    if (!request.getPreview()) this.world.set(request.getId(), state);
    return new messages.UpdateResponse().setProperties(struct.Struct.fromJavaScript(state as never));
  }

  #read(request: InstanceType<typeof messages.ReadRequest>) {
    const state = this.world.get(request.getId());
    if (state === undefined) return new messages.ReadResponse();
    const { ref: _ref, revision: _revision, ...inputs } = state;
    return new messages.ReadResponse()
      .setId(request.getId())
      .setInputs(struct.Struct.fromJavaScript(inputs as never))
      .setProperties(struct.Struct.fromJavaScript(state as never));
  }
}

function diff(
  request: InstanceType<typeof messages.DiffRequest>,
  forcesReplacement: (path: string) => boolean,
) {
  const before = request.getOldInputs()?.toJavaScript() ?? {};
  const after = request.getNews()?.toJavaScript() ?? {};
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    .sort();
  const replaces = changed.filter(forcesReplacement);
  const response = new messages.DiffResponse()
    .setChanges(
      changed.length > 0
        ? messages.DiffResponse.DiffChanges.DIFF_SOME
        : messages.DiffResponse.DiffChanges.DIFF_NONE,
    )
    .setDiffsList(changed)
    .setReplacesList(replaces)
    .setDeletebeforereplace(changed.includes("frail"))
    .setHasdetaileddiff(true);
  for (const name of changed) response.getDetaileddiffMap().set(name, detail(name, before, after, replaces));
  return response;
}

/** The kinds come in pairs: the second of each forces the replacement. */
function detail(name: string, before: Properties, after: Properties, replaces: readonly string[]) {
  const { Kind } = messages.PropertyDiff;
  const kind = !(name in before) ? Kind.ADD : !(name in after) ? Kind.DELETE : Kind.UPDATE;
  const replacing = {
    [Kind.ADD]: Kind.ADD_REPLACE,
    [Kind.DELETE]: Kind.DELETE_REPLACE,
    [Kind.UPDATE]: Kind.UPDATE_REPLACE,
  };
  return new messages.PropertyDiff()
    .setKind(replaces.includes(name) ? replacing[kind] : kind)
    .setInputdiff(true);
}

/** Tells the engine that the resource exists and isn't well, by the details of a gRPC error. */
function unhealthy(id: string, state: Properties, inputs: Properties): Error {
  const reason = new messages.ErrorResourceInitFailed()
    .setId(id)
    .setProperties(struct.Struct.fromJavaScript(state as never))
    .setInputs(struct.Struct.fromJavaScript(inputs as never))
    .setReasonsList([`${id} exists and doesn't answer`]);
  const detail = new any.Any();
  detail.pack(reason.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new statuses.Status()
    .setCode(grpc.status.UNKNOWN)
    .setMessage("not well")
    .setDetailsList([detail]);
  const metadata = new grpc.Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return Object.assign(new Error("not well"), { code: grpc.status.UNKNOWN, details: "not well", metadata });
}
