import { acknowledgeable } from "../codes.ts";
import { nearest } from "../nearest.ts";
import type { Rule } from "./rule.ts";

/* What a stack accepts. An acknowledgement that names nothing would silence nothing, and nobody would know. */

const acknowledgedOnce: Rule = ({ acknowledge }) => {
  const codes = acknowledge.map(({ code }) => code);
  return codes.flatMap((code, index) =>
    codes.indexOf(code) === index
      ? []
      : [
          {
            code: "acknowledge.twice",
            path: `acknowledge[${index}].code`,
            message: `"${code}" is acknowledged more than once`,
            hint: "keep one, with the reason that holds",
          },
        ],
  );
};

const codeKnown: Rule = ({ acknowledge }) =>
  acknowledge.flatMap(({ code }, index) => {
    if (acknowledgeable.includes(code)) return [];
    const meant = nearest(code, acknowledgeable);
    return [
      {
        code: "acknowledge.unknown-code",
        path: `acknowledge[${index}].code`,
        message: `"${code}" is no code of a warning or a risk`,
        hint:
          meant === null
            ? "take a code from docs/stacks.md (warnings) or docs/risks.md"
            : `did you mean "${meant}"? docs/stacks.md has the warnings, docs/risks.md the risks`,
      },
    ];
  });

export const acknowledgeRules: readonly Rule[] = [acknowledgedOnce, codeKnown];
