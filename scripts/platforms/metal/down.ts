import { counted } from "../../../components/model/words.ts";
import { serverFilesType, serverType } from "../../../components/platform/metal/types.ts";
import { exitCodes, UserError } from "../../exit.ts";
import type { PlatformDown, StackWork } from "../contract.ts";

/** A `down` on servers: the provider takes away what it brought. Without a state nobody knows which servers they were. */
export async function beginDown({ stack }: StackWork): Promise<PlatformDown> {
  let machines = 0;
  let servers = 0;
  return {
    ready: async () => {},
    beforeDestroy: async (resources) => {
      machines = resources?.filter(({ type }) => type === serverFilesType).length ?? 0;
      servers = resources?.filter(({ type }) => type === serverType).length ?? 0;
      return false;
    },
    finish: async ({ removed }) => {
      if (!removed)
        throw new UserError(
          `the state knows nothing of the stack "${stack}" on servers`,
          exitCodes.nothingThere,
        );
      return {
        document: { stack, machines, servers },
        sentence: `Removed ${counted(machines, "machine")} of "${stack}" from ${counted(servers, "server")}, which ${servers === 1 ? "is" : "are"} as before.`,
        left: null,
      };
    },
  };
}
