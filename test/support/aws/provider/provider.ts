import type * as grpc from "@grpc/grpc-js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { nameOf, typeOf as tokenOf } from "../../../../components/review/engine/urn.ts";
import { answer, basics, ProviderServer } from "../../record-engine-runs/grpc.ts";
import { unknownValue } from "../../record-engine-runs/provider.ts";
import { typeOf } from "../catalogue/index.ts";
import { changedPaths } from "../catalogue/paths.ts";
import type { Fields } from "../catalogue/types.ts";
import { check } from "../rules/index.ts";
import { compare, detailsOf } from "./diff.ts";
import { Fleet } from "./fleet.ts";
import { functions } from "./functions.ts";
import { unhealthy } from "./unhealthy.ts";
import { type Thing, World } from "./world.ts";

/*
 * Stands in for the provider of the package `aws`: the engine attaches it by PULUMI_DEBUG_PROVIDERS and can't tell the difference.
 * What it makes exists in a world that refuses what AWS refuses: inputs against the rules, names that are taken, references to
 * what isn't there, deletions of what others need.
 */

type Message = InstanceType<typeof struct.Struct>;

const fieldsOf = (message: Message | undefined): Fields => (message?.toJavaScript() ?? {}) as Fields;
const messageOf = (fields: Fields): Message => struct.Struct.fromJavaScript(fields as never);

/** How a creation goes wrong: nothing is made, or what is made doesn't get well. */
export type Trouble = "refused" | "unhealthy";

export class AwsStandIn {
  readonly world = new World();
  readonly fleet = new Fleet(this.world);
  /** Of the next creations, by the resource's name; each happens once. */
  readonly troubles = new Map<string, Trouble>();
  /** What the program's provider was last configured with. */
  settings: Fields = {};
  readonly #server = new ProviderServer();

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
      ...basics("7.48.0"),
      diffConfig: answer(() => new messages.DiffResponse()),
      configure: answer((request: InstanceType<typeof messages.ConfigureRequest>) => {
        this.settings = fieldsOf(request.getArgs());
        this.world.region = String(this.settings.region);
        return new messages.ConfigureResponse().setSupportspreview(true);
      }),
      check: answer((request) => this.#check(request)),
      diff: answer((request) => this.#diff(request)),
      create: answer((request) => this.#create(request)),
      update: answer((request) => this.#update(request)),
      read: answer((request) => this.#read(request)),
      delete: answer((request: InstanceType<typeof messages.DeleteRequest>) => {
        this.world.delete(this.#existing(request.getUrn(), request.getId()));
        return nothing();
      }),
      invoke: answer((request: InstanceType<typeof messages.InvokeRequest>) => {
        const result = functions(request.getTok(), fieldsOf(request.getArgs()));
        return new messages.InvokeResponse().setReturn(messageOf(result));
      }),
    };
  }

  #check(request: InstanceType<typeof messages.CheckRequest>) {
    const inputs = fieldsOf(request.getNews());
    const olds = fieldsOf(request.getOlds());
    const before = Object.keys(olds).length === 0 ? {} : { before: olds };
    const problems = check({ token: tokenOf(request.getUrn()), inputs, ...before }, this.world.region);
    return new messages.CheckResponse()
      .setInputs(request.getNews())
      .setFailuresList(
        problems.map(({ path, message }) => new messages.CheckFailure().setProperty(path).setReason(message)),
      );
  }

  #diff(request: InstanceType<typeof messages.DiffRequest>) {
    const [before, after] = [fieldsOf(request.getOldInputs()), fieldsOf(request.getNews())];
    const difference = compare(typeOf(tokenOf(request.getUrn())), before, after);
    const { DIFF_SOME, DIFF_NONE } = messages.DiffResponse.DiffChanges;
    const response = new messages.DiffResponse()
      .setChanges(difference.changed.length > 0 ? DIFF_SOME : DIFF_NONE)
      .setDiffsList([...difference.changed])
      .setReplacesList([...difference.replaces])
      .setDeletebeforereplace(difference.deleteFirst)
      .setHasdetaileddiff(true);
    for (const [path, detail] of detailsOf(difference, before, after))
      response.getDetaileddiffMap().set(path, detail);
    return response;
  }

  #create(request: InstanceType<typeof messages.CreateRequest>) {
    const [urn, inputs] = [request.getUrn(), fieldsOf(request.getProperties())];
    if (!request.getPreview()) {
      const { outputs } = this.#make(urn, inputs);
      return new messages.CreateResponse().setId(outputs.id).setProperties(messageOf(outputs));
    }
    const { outputs } = this.world.imagine(tokenOf(urn), urn, inputs);
    const made = Object.keys(outputs).filter((key) => !(key in inputs));
    const foreseen = { ...inputs, ...Object.fromEntries(made.map((key) => [key, unknownValue])) };
    return new messages.CreateResponse().setProperties(messageOf(foreseen));
  }

  #make(urn: string, inputs: Fields): Thing {
    const name = nameOf(urn);
    const trouble = this.troubles.get(name);
    this.troubles.delete(name);
    if (trouble === "refused") throw new Error(`Throttling: ${name} wasn't made`);
    const thing = this.world.create(tokenOf(urn), urn, inputs);
    this.fleet.made(thing);
    if (trouble === "unhealthy") throw unhealthy(thing, `timeout while waiting for ${name}`);
    return thing;
  }

  #update(request: InstanceType<typeof messages.UpdateRequest>) {
    const [token, preview] = [tokenOf(request.getUrn()), request.getPreview()];
    const [before, after] = [fieldsOf(request.getOldInputs()), fieldsOf(request.getNews())];
    const old = fieldsOf(request.getOlds());
    const changed = changedPaths(before, after, typeOf(token).sets ?? []);
    const renewed = typeOf(token).renews?.(changed) ?? { outputs: [], foretold: true };
    const computed = Object.fromEntries(Object.entries(old).filter(([key]) => !(key in before)));
    const grown = renewed.outputs.map((key) => [key, preview ? unknownValue : Number(old[key]) + 1]);
    const outputs = {
      ...computed,
      ...after,
      ...(preview && !renewed.foretold ? {} : Object.fromEntries(grown)),
    };
    if (!preview) {
      const known = this.#existing(request.getUrn(), request.getId());
      this.fleet.changed(this.world.update(known, after, outputs, changed), changed);
    }
    return new messages.UpdateResponse().setProperties(messageOf(outputs));
  }

  #read(request: InstanceType<typeof messages.ReadRequest>) {
    const thing = this.world.find(request.getUrn(), request.getId());
    if (thing === undefined) return new messages.ReadResponse();
    return new messages.ReadResponse()
      .setId(thing.outputs.id)
      .setInputs(messageOf(thing.inputs))
      .setProperties(messageOf(thing.outputs));
  }

  #existing(urn: string, id: string): Thing {
    const thing = this.world.find(urn, id);
    if (thing === undefined) throw new Error(`NotFound: ${id} (${urn})`);
    return thing;
  }
}
