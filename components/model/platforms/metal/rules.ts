import type { Rule } from "../../rules/rule.ts";

const notBuilt: Rule = ({ platform }) => [
  {
    code: "platform.not-built",
    path: "platform.kind",
    message: `"${platform.kind}" is part of the stack's shape but not built yet`,
    hint: 'use { kind: "docker" } or { kind: "aws", … } for now',
  },
];

export const metalRules: readonly Rule[] = [notBuilt];
