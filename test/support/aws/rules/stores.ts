import { type Fields, isUnknown } from "../catalogue/types.ts";
import { on, type Problem, refuse } from "./types.ts";

/** Bytes of a value by tier (Systems Manager user guide, Parameter tiers); the intelligent one becomes what is needed. */
const parameterSizes: Readonly<Record<string, number>> = {
  Standard: 4096,
  Advanced: 8192,
  "Intelligent-Tiering": 8192,
};

function checkParameter({ type, tier = "Standard", value, keyId }: Fields): Problem[] {
  const most = parameterSizes[String(tier)];
  const bytes = isUnknown(value) ? 1 : Buffer.byteLength(plain(value));
  return [
    ...refuse(
      !["String", "StringList", "SecureString"].includes(String(type)),
      "type",
      `"${type}" is none (Systems Manager API, PutParameter)`,
    ),
    ...refuse(most === undefined, "tier", `"${tier}" is none (Systems Manager API, PutParameter)`),
    ...refuse(
      bytes === 0 || bytes > (most ?? bytes),
      "value",
      `${bytes} bytes, and a parameter of tier ${tier} has 1 to ${most} (Systems Manager user guide, Parameter tiers)`,
    ),
    ...refuse(
      keyId !== undefined && type !== "SecureString",
      "keyId",
      `a ${type} isn't encrypted (Systems Manager API, PutParameter)`,
    ),
  ];
}

/** What a secret holds: as the recorder gives it, else the text itself. */
function plain(value: unknown): string {
  if (typeof value === "object" && value !== null && "value" in value) return String(value.value);
  return String(value ?? "");
}

export const storeRules = [
  on(["ssm/parameter:Parameter"], checkParameter),
  on(["s3/bucketObjectv2:BucketObjectv2"], ({ key }) =>
    refuse(
      typeof key !== "string" || key === "" || Buffer.byteLength(key) > 1024,
      "key",
      `"${key}" is no key of 1 to 1,024 bytes (S3 user guide, Object key names)`,
    ),
  ),
];
