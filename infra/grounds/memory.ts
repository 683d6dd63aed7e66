import type { Ground } from "./contract.ts";

/** Nothing to reach and nothing to fit: what is planned is noted. */
export const memoryGround: Ground = {
  observe: async () => ({}),
  check: async () => {},
  begin: async () => {},
  access: {},
  options: {},
};
