import type { StackInput } from "../../components/model/spec.ts";
import { sourceOf } from "../stacks.ts";

/** The stack that is measured as it is, and that others are made from. */
export const stack = "dev";

const input = () => sourceOf(stack).input as StackInput;

/** So many nodes behind one route. */
export function large(nodes: number): StackInput {
  const { pools: _, routes: __, ...kept } = input();
  return {
    ...kept,
    name: "large",
    network: { subnet: "10.64.0.0/12" },
    pools: { web: { active: nodes } },
    routes: [{ path: "/", pool: "web" }],
  };
}

/** One balancer before three nodes. */
export function single(): StackInput {
  const { balancer, ...kept } = large(3);
  return { ...kept, name: "bench", network: {}, balancer: { ...balancer, count: 1 } } as StackInput;
}
