import { beforeEach, expect, test } from "vitest";
import { awsPlanOf } from "../../../../../components/plan/platforms/aws/part.ts";
import { awsAccess } from "../../../../../scripts/platforms/aws/access.ts";
import { askQuotas, mustHaveRoom, quotaChecks } from "../../../../../scripts/platforms/aws/quotas.ts";
import { standInForAws } from "../../../../support/aws/endpoint.ts";
import { awsPlan } from "../../../../support/aws/stacks.ts";

const plan = awsPlan({ vpc: { kind: "own", nat: "one" } });
/** By code; one that isn't there is asked for as AWS's default, and isn't there either. */
let quotas: Readonly<Record<string, number>>;
let refusal: { status: number; body: string } | null;
let machines: string;

const set = (item: string, tags: Readonly<Record<string, string>> = {}) =>
  `<item>${item}<tagSet>${Object.entries(tags)
    .map(([key, value]) => `<item><key>${key}</key><value>${value}</value></item>`)
    .join("")}</tagSet></item>`;
const own = { "hotspare.owner": plan.owner, "hotspare.cluster": plan.cluster };

function answer(target: string, body: string): { status: number; body: string } {
  if (target !== "") {
    if (refusal !== null) return refusal;
    const Value = quotas[JSON.parse(body).QuotaCode];
    return Value === undefined
      ? { status: 400, body: '{"__type":"NoSuchResourceException"}' }
      : { status: 200, body: JSON.stringify({ Quota: { Value } }) };
  }
  const action = new URLSearchParams(body).get("Action") ?? "";
  const content = {
    DescribeInstances: `<reservationSet><item><instancesSet>${machines}</instancesSet></item></reservationSet>`,
    DescribeAddresses: `<addressesSet>${set("<allocationId>a</allocationId>")}</addressesSet>`,
    DescribeVpcs: `<vpcSet>${set("<vpcId>vpc-1</vpcId>")}${set("<vpcId>vpc-2</vpcId>", own)}</vpcSet>`,
  }[action];
  return { status: 200, body: `<${action}Response>${content}</${action}Response>` };
}

standInForAws((headers, body) => answer(String(headers["x-amz-target"] ?? ""), body));
beforeEach(() => {
  refusal = null;
  machines = "";
  quotas = { "L-1216C47A": 64, "L-0263D0A3": 5, "L-F678F1CE": 5, "L-CDE20ADC": 500, "L-B211E961": 500 };
});

const subject = () => ({
  stack: "shop",
  plan,
  aws: awsPlanOf(plan),
  access: awsAccess("eu-central-1"),
});
const room = async () => {
  const notes: string[] = [];
  await mustHaveRoom(subject(), { note: (said) => void notes.push(said) });
  return notes;
};
const machine = (type: string, tags: Readonly<Record<string, string>> = {}, more = "") =>
  set(`<instanceType>${type}</instanceType>${more}`, tags);

test("with room for all there is nothing to say", async () => {
  expect(await room()).toEqual([]);
  expect((await quotaChecks(subject())).every(({ state }) => state === "ok")).toBe(true);
});

test("what others have counts, by the types' families and markets; one's own does not count twice", async () => {
  machines = [
    machine(
      "m5.4xlarge",
      {},
      "<cpuOptions><coreCount>8</coreCount><threadsPerCore>1</threadsPerCore></cpuOptions>",
    ),
    machine("t3.small", own),
    machine("g4dn.xlarge"),
    machine("c5.large", {}, "<instanceLifecycle>spot</instanceLifecycle>"),
  ].join("");
  const answers = await askQuotas(subject());
  const of = (code: string) => answers.find(({ need }) => need.code === code);
  expect(of("L-1216C47A")).toMatchObject({ quota: 64, own: 2, others: 8 });
  expect(of("L-0263D0A3")).toMatchObject({ own: 0, others: 1 });
  expect(of("L-F678F1CE")).toMatchObject({ own: 1, others: 1 });
});

test("a cluster that has no room is refused with the quota's code", async () => {
  quotas = { ...quotas, "L-1216C47A": 5 };
  await expect(room()).rejects.toThrow(
    /no room for "shop" in eu-central-1: vCPUs on demand \(standard types\): 8, 12 .* quota is 5.*--quota-code L-1216C47A/,
  );
});

test("one that stands already is left alone, and told that it can't change", async () => {
  quotas = { ...quotas, "L-1216C47A": 8 };
  machines = [1, 2, 3, 4].map(() => machine("t3.small", own)).join("");
  expect(await room()).toEqual([expect.stringContaining("a change or a scale-out stops there")]);
  quotas = { ...quotas, "L-1216C47A": 5 };
  expect(await room()).toHaveLength(1);
  const [check] = await quotaChecks(subject());
  expect(check).toMatchObject({
    state: "missing",
    fix: expect.stringContaining("request-service-quota-increase"),
  });
});

test("a quota that AWS doesn't know stops nobody; neither does who may not ask, which is told", async () => {
  quotas = {};
  expect(await room()).toEqual([]);
  refusal = { status: 400, body: '{"__type":"AccessDeniedException","Message":"not you"}' };
  expect(await room()).toEqual([
    expect.stringMatching(
      /could not be asked \(these credentials lack a right: not you.*plan shop --no-files/,
    ),
  ]);
});
