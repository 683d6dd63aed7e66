import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { serverFilesType, serverType } from "../../../components/platform/metal/types.ts";
import type { Call, Kind } from "./kind.ts";
import { serverKind } from "./server.ts";
import { serverFilesKind } from "./server-files.ts";
import { type Bag, fromStruct, plain, same, toStruct, unknown } from "./values.ts";

const version = "0.1.0";
const kinds: Readonly<Record<string, Kind>> = {
  [serverType]: serverKind,
  [serverFilesType]: serverFilesKind,
};

/** Seconds that a change may take where the program says nothing. */
const usualTime = 20 * 60;

/** Where a provider's warnings go. */
interface Told {
  warn(urn: string, text: string): Promise<void>;
}

/**
 * The protocol of Pulumi's providers (pulumi/pulumi, proto/pulumi/provider.proto). A preview asks no server but for one look at each,
 * which gives up after two seconds; so it works where there is no way to them.
 */
export class Provider {
  readonly #engine: Told;
  #cancelled = new AbortController();

  constructor(engine: Told) {
    this.#engine = engine;
  }

  cancel(why: string): void {
    this.#cancelled.abort(new Error(why));
  }

  readonly methods = {
    handshake: async () => new pb.ProviderHandshakeResponse().setAcceptSecrets(true),
    getPluginInfo: async () => new plugin.PluginInfo().setVersion(version),
    getSchema: async () => new pb.GetSchemaResponse().setSchema(JSON.stringify(schema)),
    checkConfig: async (request: pb.CheckRequest) => new pb.CheckResponse().setInputs(request.getNews()),
    diffConfig: async () => new pb.DiffResponse().setChanges(pb.DiffResponse.DiffChanges.DIFF_NONE),
    configure: async () =>
      new pb.ConfigureResponse()
        .setAcceptsecrets(true)
        .setSupportspreview(true)
        .setAcceptresources(false)
        .setAcceptoutputs(false),
    check: (request: pb.CheckRequest) => this.#check(request),
    diff: (request: pb.DiffRequest) => this.#diff(request),
    create: (request: pb.CreateRequest) => this.#create(request),
    read: (request: pb.ReadRequest) => this.#read(request),
    update: (request: pb.UpdateRequest) => this.#update(request),
    delete: (request: pb.DeleteRequest) => this.#delete(request),
    cancel: async () => {
      this.cancel("cancelled");
      return new empty.Empty();
    },
    attach: async () => {
      this.#cancelled = new AbortController();
      return new empty.Empty();
    },
  };

  async #check(request: pb.CheckRequest): Promise<pb.CheckResponse> {
    const kind = kindOf(request.getUrn());
    const news = fromStruct(request.getNews());
    const inputs = plain(news);
    const failures = kind
      .problems(inputs)
      .map(([property, reason]) => new pb.CheckFailure().setProperty(property).setReason(reason));
    return new pb.CheckResponse()
      .setInputs(toStruct({ ...news, ...kind.added(inputs) }))
      .setFailuresList(failures);
  }

  async #diff(request: pb.DiffRequest): Promise<pb.DiffResponse> {
    const kind = kindOf(request.getUrn());
    const [olds, news] = [plain(fromStruct(request.getOldInputs())), plain(fromStruct(request.getNews()))];
    const ignored = request.getIgnorechangesList();
    const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter(
      (name) => !name.startsWith("__") && !ignored.includes(name) && !same(olds[name], news[name]),
    );
    // What names the resource that stands already is no other one.
    const replacing = names.filter(
      (name) => kind.replacing.includes(name) && news[name] !== null && news[name] !== request.getId(),
    );
    const { DIFF_SOME, DIFF_NONE } = pb.DiffResponse.DiffChanges;
    const answer = new pb.DiffResponse()
      .setChanges(names.length > 0 ? DIFF_SOME : DIFF_NONE)
      .setDiffsList(names)
      .setHasdetaileddiff(true)
      .setDeletebeforereplace(true)
      .setReplacesList(replacing);
    const { ADD, ADD_REPLACE, DELETE, DELETE_REPLACE, UPDATE, UPDATE_REPLACE } = pb.PropertyDiff.Kind;
    for (const name of names) {
      const [change, replacement] = !(name in olds)
        ? [ADD, ADD_REPLACE]
        : name in news
          ? [UPDATE, UPDATE_REPLACE]
          : [DELETE, DELETE_REPLACE];
      const property = new pb.PropertyDiff().setInputdiff(true);
      answer
        .getDetaileddiffMap()
        .set(name, property.setKind(replacing.includes(name) ? replacement : change));
    }
    return answer;
  }

  async #create(request: pb.CreateRequest): Promise<pb.CreateResponse> {
    const kind = kindOf(request.getUrn());
    const raw = fromStruct(request.getProperties());
    if (request.getPreview()) {
      const found = Object.fromEntries(kind.found.map((name) => [name, unknown]));
      return new pb.CreateResponse().setProperties(toStruct({ ...raw, ...found }));
    }
    const { id, found } = await kind.create(plain(raw), this.#call(request, undefined));
    return new pb.CreateResponse()
      .setId(id)
      .setProperties(toStruct({ ...raw, ...found }))
      .setRefreshBeforeUpdate(true);
  }

  async #read(request: pb.ReadRequest): Promise<pb.ReadResponse> {
    const kind = kindOf(request.getUrn());
    const raw = fromStruct(request.getInputs());
    if (Object.keys(raw).length === 0)
      throw new Error(
        "a server is adopted by naming it in a stack: `up` takes it as it is, and wipes nothing",
      );
    try {
      const got = await kind.read(request.getId(), plain(raw), this.#call(request, request.getProperties()));
      if (got === null) return new pb.ReadResponse();
      // Secrets stay wrapped where nothing has changed.
      const inputs = Object.fromEntries(
        Object.entries(got.inputs).map(([name, value]) => [
          name,
          same(plain(raw[name]), value) ? raw[name] : value,
        ]),
      );
      return new pb.ReadResponse()
        .setId(request.getId())
        .setInputs(toStruct(inputs))
        .setProperties(toStruct({ ...inputs, ...got.found }))
        .setRefreshBeforeUpdate(true);
    } catch (error) {
      await this.#engine.warn(
        request.getUrn(),
        `not looked at, so what is recorded counts: ${(error as Error).message}`,
      );
      return new pb.ReadResponse()
        .setId(request.getId())
        .setInputs(request.getInputs())
        .setProperties(request.getProperties())
        .setRefreshBeforeUpdate(true);
    }
  }

  async #update(request: pb.UpdateRequest): Promise<pb.UpdateResponse> {
    const kind = kindOf(request.getUrn());
    const raw = fromStruct(request.getNews());
    const olds = fromStruct(request.getOlds());
    if (request.getPreview()) {
      const found = Object.fromEntries(kind.found.map((name) => [name, olds[name]]));
      return new pb.UpdateResponse().setProperties(toStruct({ ...raw, ...found }));
    }
    const before = plain(fromStruct(request.getOldInputs()));
    const found = await kind.update(
      request.getId(),
      before,
      plain(raw),
      this.#call(request, request.getOlds()),
    );
    return new pb.UpdateResponse().setProperties(toStruct({ ...raw, ...found })).setRefreshBeforeUpdate(true);
  }

  async #delete(request: pb.DeleteRequest): Promise<empty.Empty> {
    const inputs = fromStruct(request.getOldInputs());
    const known = Object.keys(inputs).length > 0 ? inputs : fromStruct(request.getProperties());
    await kindOf(request.getUrn()).remove(
      request.getId(),
      plain(known),
      this.#call(request, request.getProperties()),
    );
    return new empty.Empty();
  }

  #call(
    request: { getUrn(): string; getTimeout?(): number },
    recorded: ReturnType<pb.ReadRequest["getProperties"]>,
  ): Call {
    const seconds = request.getTimeout?.() || usualTime;
    return {
      signal: AbortSignal.any([this.#cancelled.signal, AbortSignal.timeout(seconds * 1000)]),
      warn: (text) => this.#engine.warn(request.getUrn(), text),
      recorded: plain(fromStruct(recorded)),
    };
  }
}

/** @throws Error for a type that isn't this provider's */
function kindOf(urn: string): Kind {
  const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
  const kind = kinds[type];
  if (kind === undefined) throw new Error(`this provider has no ${type}`);
  return kind;
}

const object = { type: "object", additionalProperties: { $ref: "pulumi.json#/Any" } };
/** No more than the engine asks for: programs have classes of their own. */
const schema = {
  name: "hotspare-metal",
  version,
  resources: Object.fromEntries(
    Object.keys(kinds).map((type) => [
      type,
      { inputProperties: { ssh: object }, properties: { ssh: object } },
    ]),
  ),
} satisfies Bag;
