import { awsPlanOf } from "../../../components/plan/platforms/aws/part.ts";
import { type KeyStatement, keyPolicy } from "../../../components/platform/aws/deployer/key-policy.ts";
import type { Check } from "../../toolchain/check.ts";
import { explained } from "./errors.ts";
import { callJson } from "./json-call.ts";
import type { Subject } from "./observe.ts";

/** A statement as somebody wrote it; each list may be one word. */
interface Written {
  readonly Effect?: string;
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly Action?: string | readonly string[];
}

/** Whether the policy of the stack's own key allows AWS's services what they need; nothing where there is none. */
export async function keyChecks({ access, plan, stack }: Subject): Promise<Check[]> {
  const needed = keyPolicy(plan);
  if (needed === null) return [];
  const name = "KMS key";
  const fix = `add the statements of \`./hotspare plan ${stack} --policy key\` to the key's policy`;
  try {
    const { Policy = "{}" } = await callJson<{ Policy?: string }>(access, "kms", "GetKeyPolicy", {
      KeyId: awsPlanOf(plan).key,
      PolicyName: "default",
    });
    const missing = missingIn(needed.Statement, Policy);
    return missing.length === 0
      ? [{ name, state: "ok", detail: "its policy names all services that use it" }]
      : [{ name, state: "missing", detail: `its policy lacks ${missing.join("; ")}`, fix }];
  } catch (error) {
    const { message } = explained(error, access.region) as Error;
    return [{ name, state: "missing", detail: "its policy can't be read", fix: `${message}; ${fix}` }];
  }
}

/**
 * Who of those that need the key is allowed less, as `<who>: <calls>`. Conditions aren't judged: one that is narrower than ours may fit.
 *
 * @param text the key's policy
 */
export function missingIn(needed: readonly KeyStatement[], text: string): string[] {
  const { Statement = [] } = JSON.parse(text) as { Statement?: Written | readonly Written[] };
  const allowing = [Statement].flat().filter(({ Effect }) => Effect === "Allow");
  return needed.flatMap(({ Principal, Action }) =>
    Object.entries(Principal).flatMap(([kind, names]) =>
      list(names).flatMap((who) => {
        const allowed = allowing
          .filter((statement) => isNamed(statement, kind, who))
          .flatMap(({ Action }) => list(Action));
        const lacking = Action.filter((action) => !allowed.some((pattern) => covers(pattern, action)));
        return lacking.length === 0 ? [] : [`${who}: ${lacking.join(", ")}`];
      }),
    ),
  );
}

const list = (words: string | readonly string[] = []): readonly string[] =>
  typeof words === "string" ? [words] : words;

/** The account's root is no service's role: it only lets policies of IAM speak, and those of such roles don't. */
function isNamed({ Principal = {} }: Written, kind: string, who: string): boolean {
  if (Principal === "*") return true;
  const names = typeof Principal === "string" ? [] : list(Principal[kind]);
  return names.includes(who) || names.includes("*");
}

/** Whether a pattern allows all that another one does: `kms:*`, or `kms:GenerateDataKey*` for itself. */
function covers(pattern: string, action: string): boolean {
  if (pattern === action) return true;
  return pattern.endsWith("*") && action.startsWith(pattern.slice(0, -1));
}
