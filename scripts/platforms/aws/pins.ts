import { createHash } from "node:crypto";
import { relative } from "node:path";
import type { AgentName, AwsPins } from "../../../components/model/platforms/aws/pins.ts";
import type { AwsPlan } from "../../../components/plan/platforms/aws/types.ts";
import {
  type Architecture,
  agentAddress,
  newestVersionAddress,
} from "../../../components/render/aws/agent-address.ts";
import { pinsFile, readPins } from "../../../infra/grounds/aws/pins.ts";
import { projectRoot } from "../../../infra/project-root.ts";
import { writeWhole } from "../../../infra/whole-file.ts";
import { exitCodes, UserError } from "../../exit.ts";
import type { Progress } from "../../toolchain/progress.ts";
import type { Pins } from "../told.ts";
import { type AwsAccess, awsAccess } from "./access.ts";
import { asking } from "./errors.ts";
import { callJson } from "./json-call.ts";
import { subjectOf } from "./observe.ts";

/*
 * Trust on first use: nobody publishes the digests of AWS's agents or of Debian's images beforehand. Whoever records them takes them as
 * TLS brings them, on that day; from then on every machine gets that content or none.
 */

const agents: readonly AgentName[] = ["session", "cloudwatch"];
const architectures: readonly Architecture[] = ["x86_64", "arm64"];
const release = "debian-13";

export interface Sources {
  /** The bytes at an address. */
  readonly fetched: (address: string) => Promise<Buffer>;
  /** Value of a public parameter. */
  readonly parameter: (name: string) => Promise<string>;
  /** UTC day. */
  readonly today: string;
}

/** What a stack's machines start from and fetch; with `refresh` after recording the newest. */
export async function pinsOf(stack: string, progress: Progress, refresh: boolean): Promise<Pins> {
  const { aws } = subjectOf(stack);
  if (refresh) await recordNewest(aws.region, sourcesOf(awsAccess(aws.region)), progress);
  return told(refresh ? subjectOf(stack).aws : aws);
}

/**
 * Writes the newest agents, and the region's newest image, into the lock file. What can't be had stays as it was.
 *
 * @throws UserError that names what could not be had
 */
export async function recordNewest(
  region: string,
  sources: Sources,
  progress: Pick<Progress, "note">,
  file = pinsFile,
): Promise<void> {
  const before = readPins(file);
  const failures: string[] = [];
  const tried = async <T>(what: string, known: T, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      failures.push(`${what}: ${(error as Error).message}`);
      return known;
    }
  };
  const recorded = { session: before.agents.session, cloudwatch: before.agents.cloudwatch };
  for (const name of agents)
    recorded[name] = await tried(`${name} agent`, recorded[name], () =>
      newestAgent(name, region, recorded[name], sources),
    );
  const known = before.images[release]?.[region];
  const image = await tried("image", known, () => newestImage(known, sources));
  const images = image === undefined ? before.images : withImage(before.images, region, image);
  const after: AwsPins = { schema: 1, agents: recorded, images };
  const shown = relative(projectRoot, file);
  if (JSON.stringify(after) === JSON.stringify(before)) {
    if (failures.length === 0) progress.note(`${shown} has the newest already.`);
  } else {
    writeWhole(file, `${JSON.stringify(after, null, 2)}\n`);
    progress.note(
      `${shown} has what was the newest at ${sources.today}, as it came. Commit it: \`./hotspare review\` says what it replaces, and the next \`./hotspare up\` of each stack rolls.`,
    );
  }
  if (failures.length > 0)
    throw new UserError(
      `not recorded: ${failures.join("; ")}. Go where the internet and an account are, and run it again`,
      exitCodes.missingTool,
    );
}

/** A version that is recorded stays with its digests: the same version with another content is no refresh. */
async function newestAgent(
  name: AgentName,
  region: string,
  known: AwsPins["agents"][AgentName],
  { fetched, today }: Sources,
): Promise<NonNullable<AwsPins["agents"][AgentName]>> {
  const version = (await fetched(newestVersionAddress(name, region))).toString("utf8").trim();
  if (!/^\d+(\.\d+)+[a-z0-9]*$/.test(version))
    throw new Error(`its maker names the version ${JSON.stringify(version.slice(0, 40))}, which is none`);
  if (known?.version === version) return known;
  const digest = async (architecture: Architecture) =>
    createHash("sha256")
      .update(await fetched(agentAddress(name, region, architecture, version)))
      .digest("hex");
  const [x86, arm] = [await digest("x86_64"), await digest("arm64")];
  return { version, sha256: { x86_64: x86, arm64: arm }, on: today };
}

async function newestImage(
  known: AwsPins["images"][string][string] | undefined,
  { parameter, today }: Sources,
): Promise<AwsPins["images"][string][string]> {
  const of = (architecture: string) => parameter(`/aws/service/debian/release/13/latest/${architecture}`);
  const [x86, arm] = [await of("amd64"), await of("arm64")];
  if (known?.x86_64 === x86 && known.arm64 === arm) return known;
  return { x86_64: x86, arm64: arm, on: today };
}

function withImage(
  images: AwsPins["images"],
  region: string,
  image: AwsPins["images"][string][string],
): AwsPins["images"] {
  const regions = Object.entries({ ...images[release], [region]: image });
  return { ...images, [release]: Object.fromEntries(regions.sort(([a], [b]) => (a < b ? -1 : 1))) };
}

function sourcesOf(access: AwsAccess): Sources {
  return {
    fetched: async (address) => {
      const answer = await fetch(address, { signal: AbortSignal.timeout(300_000) }).catch((error: Error) => {
        const { message } = (error.cause ?? error) as Error;
        throw new Error(`${address} can't be reached (${message})`);
      });
      if (!answer.ok) throw new Error(`${address} answers ${answer.status}`);
      return Buffer.from(await answer.arrayBuffer());
    },
    parameter: (name) =>
      asking(access.region, async () => {
        const { Parameter } = await callJson<{ Parameter?: { Value?: string } }>(
          access,
          "ssm",
          "GetParameter",
          {
            Name: name,
          },
        );
        if (!Parameter?.Value) throw new Error(`${access.region} has no parameter ${name}`);
        return Parameter.Value;
      }),
    today: new Date().toISOString().slice(0, 10),
  };
}

function told({ region, image, agents: pinned }: AwsPlan): Pins {
  const lines = agents.map((name) => {
    const pin = pinned[name];
    if (pin === null) return `${name} agent: the newest, unchecked`;
    return `${name} agent: ${pin.version}, ${architectures.map((key) => `${key} sha256:${pin.sha256[key]}`).join(", ")}`;
  });
  return {
    document: { schema: 1, region, image, agents: pinned },
    lines: [`image in ${region}: ${startOf(image)}`, ...lines],
    complete: image.kind !== "parameter" && agents.every((name) => pinned[name] !== null),
  };
}

function startOf(image: AwsPlan["image"]): string {
  switch (image.kind) {
    case "ami":
      return image.id;
    case "pinned":
      return `x86_64 ${image.ids.x86_64}, arm64 ${image.ids.arm64}, of ${image.on}`;
    case "parameter":
      return "Debian's newest, whatever it is at each `up`";
    default:
      return image satisfies never;
  }
}
