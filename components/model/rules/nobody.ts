import type { Subnet } from "../ip.ts";
import type { Problem } from "../problem.ts";
import { specialRangeAround } from "../ranges.ts";

/** A problem where a network of clients or servers, written as `text`, lies where none of either can be. */
export function nobodyIn(network: Subnet, text: string, path: string): Problem[] {
  const around = specialRangeAround(network);
  if (around === null) return [];
  return [
    {
      code: "network.nobody-there",
      path,
      message: `nobody is in ${text}: the addresses of ${around.network} are ${around.because}`,
      hint: "remove it, or correct the address",
    },
  ];
}
