import { type Fields, isUnknown } from "../catalogue/types.ts";
import { ofType, type RuleBeside, refuse } from "./types.ts";

const directions = [
  "vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  "vpc/securityGroupEgressRule:SecurityGroupEgressRule",
];

/** Default quota; rules that name another group count as one (VPC user guide, Quotas). */
const mostRules = 60;

const whatItOpens = ({ ipProtocol, fromPort, toPort, cidrIpv4, referencedSecurityGroupId }: Fields) =>
  JSON.stringify([ipProtocol, fromPort, toPort, cidrIpv4, referencedSecurityGroupId]);

/** A group has at most 60 rules a direction, and none twice (EC2 API, InvalidPermission.Duplicate). */
export const rulesDiffer: RuleBeside = ({ token, inputs }, others) => {
  const type = directions.find((direction) => token === `aws:${direction}`);
  if (type === undefined || Object.values(inputs).some(isUnknown)) return [];
  const sameGroup = ofType(others, type).filter(
    (other) => other.inputs.securityGroupId === inputs.securityGroupId,
  );
  const twin = sameGroup.some((other) => whatItOpens(other.inputs) === whatItOpens(inputs));
  return [
    ...refuse(
      twin,
      "securityGroupId",
      `the group has a rule for ${whatItOpens(inputs)} (EC2 API, InvalidPermission.Duplicate)`,
    ),
    ...refuse(
      sameGroup.length >= mostRules,
      "securityGroupId",
      `${sameGroup.length + 1} rules, and a group has at most ${mostRules} in a direction (VPC user guide, Quotas)`,
    ),
  ];
};
