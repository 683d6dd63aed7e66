import { describe, expect, test } from "vitest";
import { stackOfMachine } from "../../../scripts/machine-stack.ts";

describe("a machine in the stack's place", () => {
  test("is looked for in the usual stack first", () => {
    expect(stackOfMachine("web-1", [])).toEqual({ stack: "dev", machines: ["web-1"] });
    expect(stackOfMachine("lb-1", ["web-2"])).toEqual({ stack: "dev", machines: ["lb-1", "web-2"] });
  });

  test("is found in the only other that has it", () => {
    expect(stackOfMachine("api-1", [])).toEqual({ stack: "staging", machines: ["api-1"] });
  });

  test("leaves alone what is a stack, and what nobody knows", () => {
    expect(stackOfMachine("staging", ["web-1"])).toEqual({ stack: "staging", machines: ["web-1"] });
    expect(stackOfMachine("nobody-7", [])).toEqual({ stack: "nobody-7", machines: [] });
  });
});
