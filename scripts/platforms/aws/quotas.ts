import {
  DescribeAddressesCommand,
  DescribeVpcsCommand,
  type Instance,
  paginateDescribeInstances,
  type Tag,
} from "@aws-sdk/client-ec2";
import { instanceType } from "../../../components/model/platforms/aws/instances.ts";
import { machineQuota, type QuotaNeed, quotaNeeds } from "../../../components/plan/platforms/aws/quotas.ts";
import type { ClusterPlan } from "../../../components/plan/types.ts";
import { exitCodes, UserError } from "../../exit.ts";
import type { Check } from "../../toolchain/check.ts";
import type { Progress } from "../../toolchain/progress.ts";
import type { AwsAccess } from "./access.ts";
import { explained } from "./errors.ts";
import { callJson } from "./json-call.ts";
import type { Subject } from "./observe.ts";

/** A quota beside what is taken of it. */
export interface QuotaAnswer {
  readonly need: QuotaNeed;
  /** Null where AWS doesn't say. */
  readonly quota: number | null;
  /** What this cluster has of it now. */
  readonly own: number;
  /** What others in the account have of it in the region. */
  readonly others: number;
}

/** The account's quotas of which the cluster takes something. @throws Error of the SDK */
export async function askQuotas({ access, plan, aws }: Subject): Promise<QuotaAnswer[]> {
  const needs = quotaNeeds(plan, aws);
  const taken = await takenOf(access, plan);
  return Promise.all(
    needs.map(async (need) => ({
      need,
      quota: await quotaOf(access, need),
      ...(taken.get(need.code) ?? { own: 0, others: 0 }),
    })),
  );
}

interface QuotaOutput {
  readonly Quota?: { readonly Value?: number };
}

/** The account's own, or what AWS gives everybody: only a quota that was ever changed has a value of the account's own, in some services. */
async function quotaOf(access: AwsAccess, { service, code }: QuotaNeed): Promise<number | null> {
  const input = { ServiceCode: service, QuotaCode: code };
  for (const operation of ["GetServiceQuota", "GetAWSDefaultServiceQuota"]) {
    try {
      const { Quota } = await callJson<QuotaOutput>(access, "servicequotas", operation, input);
      if (Quota?.Value !== undefined) return Quota.Value;
    } catch (error) {
      if ((error as Error).name !== "NoSuchResourceException") throw error;
    }
  }
  return null;
}

type Taken = Pick<QuotaAnswer, "own" | "others">;

/** Of targets and groups nothing: those of a load balancer are its own, and of groups there are hundreds. */
async function takenOf({ ec2 }: AwsAccess, plan: ClusterPlan): Promise<ReadonlyMap<string, Taken>> {
  const taken = new Map<string, { own: number; others: number }>();
  const add = (code: string | null, tags: readonly Tag[] | undefined, count = 1) => {
    if (code === null) return;
    const sums = taken.get(code) ?? { own: 0, others: 0 };
    sums[isOwn(plan, tags) ? "own" : "others"] += count;
    taken.set(code, sums);
  };
  const Filters = [{ Name: "instance-state-name", Values: ["pending", "running"] }];
  for await (const { Reservations = [] } of paginateDescribeInstances({ client: ec2 }, { Filters }))
    for (const machine of Reservations.flatMap(({ Instances = [] }) => Instances))
      add(
        machineQuota(machine.InstanceType ?? "", machine.InstanceLifecycle === "spot" ? "spot" : "onDemand"),
        machine.Tags,
        vcpusOf(machine),
      );
  const { Addresses = [] } = await ec2.send(new DescribeAddressesCommand({}));
  for (const { Tags } of Addresses) add("L-0263D0A3", Tags);
  const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({}));
  for (const { Tags } of Vpcs) add("L-F678F1CE", Tags);
  return taken;
}

function vcpusOf({ CpuOptions, InstanceType }: Instance): number {
  const { CoreCount, ThreadsPerCore } = CpuOptions ?? {};
  if (CoreCount !== undefined && ThreadsPerCore !== undefined) return CoreCount * ThreadsPerCore;
  return instanceType(InstanceType ?? "")?.vcpus ?? 0;
}

function isOwn({ owner, cluster }: ClusterPlan, tags: readonly Tag[] = []): boolean {
  const has = (key: string, value: string) => tags.some((tag) => tag.Key === key && tag.Value === value);
  return has("hotspare.owner", owner) && has("hotspare.cluster", cluster);
}

/** Won't stand at all: a cluster that has its part already is left alone. */
const isShort = ({ need, quota, own, others }: QuotaAnswer) =>
  quota !== null && own < need.standing && others + need.standing > quota;
/** Stands, and stops half-way when it changes or grows. */
const isTight = ({ need, quota, others }: QuotaAnswer) => quota !== null && others + need.peak > quota;

function sentence({ need, quota, others }: QuotaAnswer): string {
  const { what, standing, peak } = need;
  const most = peak === standing ? "" : `, ${peak} while it changes and is scaled out`;
  const taken = others === 0 ? "" : `, and others have ${others} of them`;
  return `${what}: ${standing}${most}${taken}; the account's quota is ${quota ?? "unknown"}`;
}

const advice = ({ need }: QuotaAnswer, region: string) =>
  `aws service-quotas request-service-quota-increase --region ${region} --service-code ${need.service} --quota-code ${need.code} --desired-value <number>`;

/**
 * Before anything is made: what has no room stops an `up` half-way, with machines that are never launched. Who may not ask is told so.
 *
 * @throws UserError where the cluster has no room
 */
export async function mustHaveRoom(subject: Subject, progress: Pick<Progress, "note">): Promise<void> {
  const { region } = subject.access;
  let answers: QuotaAnswer[];
  try {
    answers = await askQuotas(subject);
  } catch (error) {
    const { message } = explained(error, region) as Error;
    progress.note(
      `The account's quotas could not be asked (${message.trim() || "no answer"}): \`./hotspare plan ${subject.stack} --no-files\` has what it takes of them.`,
    );
    return;
  }
  const short = answers.filter(isShort);
  if (short.length > 0)
    throw new UserError(
      `the account has no room for "${subject.stack}" in ${region}: ${short.map(sentence).join("; ")}. Ask for more, which takes minutes to days: ${short.map((answer) => `\`${advice(answer, region)}\``).join(", ")}`,
      exitCodes.stackProblems,
    );
  for (const answer of answers.filter(isTight))
    progress.note(
      `${sentence(answer)}: a change or a scale-out stops there, with the old machines serving. Ask for more: ${advice(answer, region)}`,
    );
}

/** What `doctor` tells of a stack. */
export async function quotaChecks(subject: Subject): Promise<Check[]> {
  const { region } = subject.access;
  try {
    const answers = await askQuotas(subject);
    return answers.map((answer) => {
      const isEnough = !isShort(answer) && !isTight(answer);
      const check = {
        name: "AWS quota",
        state: isEnough ? "ok" : "missing",
        detail: sentence(answer),
      } as const;
      return isEnough ? check : { ...check, fix: `${answer.need.what}: ${advice(answer, region)}` };
    });
  } catch (error) {
    const { message } = explained(error, region) as Error;
    return [{ name: "AWS quotas", state: "missing", detail: "can't be asked", fix: message }];
  }
}
