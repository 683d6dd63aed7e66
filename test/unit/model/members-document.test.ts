import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { membersDocument, parseMembers } from "../../../components/model/members-document.ts";
import { renderMembers } from "../../../components/render/members.ts";
import { membersDocument as followed } from "../../../infra/runtime/follower/members.ts";
import { membersCases } from "../../support/members-cases.ts";
import { planAny } from "../../support/plan-any.ts";
import { arbitraryStack } from "../../support/specs.ts";

describe("the schema", () => {
  test.each(membersCases.map((one) => [one.accepted ? "takes" : "refuses", one.name, one] as const))(
    "%s %s",
    (_, __, { document, accepted }) => {
      expect(membersDocument.safeParse(document).success).toBe(accepted);
    },
  );

  test("says where a key is that is taken", () => {
    const member = { key: "web-1", address: "10.0.0.1", port: 80, weight: 1, role: "active" };
    const health = { path: "/", intervalMs: 200, timeoutMs: 150, fall: 2, rise: 2 };
    const pools = { web: { algorithm: { kind: "round-robin" }, health, members: [member, member] } };
    expect(membersDocument.safeParse({ schema: 1, revision: "0", pools }).error?.issues).toMatchObject([
      { path: ["pools", "web", "members", 1, "key"], message: "web-1 is in this pool already" },
    ]);
  });
});

describe("what is written fits it", () => {
  test("the document of any stack", () => {
    fc.assert(
      fc.property(arbitraryStack(), (stack) => {
        const text = renderMembers(planAny(stack));
        expect(parseMembers(text)).toEqual(JSON.parse(text));
      }),
      { numRuns: 100 },
    );
  });

  test("the document of who follows groups", () => {
    const health = { path: "/readyz", intervalMs: 200, timeoutMs: 150, fall: 2, rise: 2 };
    const web = { algorithm: { kind: "round-robin" }, health, port: 80, active: "web", hot: "web-hot" };
    const instance = (ordinal: number) => ({
      id: `i-0af3${ordinal}`,
      state: "InService",
      address: `10.0.0.${ordinal}`,
    });
    const groups = {
      web: { desired: 2, instances: [instance(1)] },
      "web-hot": { desired: 2, instances: [instance(2), instance(3)] },
    };
    for (const seen of [{}, groups]) {
      const document = followed({ web }, seen, null);
      expect(membersDocument.parse(document)).toEqual(document);
    }
  });
});
