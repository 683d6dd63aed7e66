import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { TierDrills } from "../types.ts";

const read = (file: string) => readFile(join(import.meta.dirname, file), "utf8");

/** How balancers are watched and changed that have the kit's control program: nginx with its Lua. @param inside the command that runs others where it lives */
export function controlCommands(
  inside: readonly string[],
): Pick<TierDrills, "inside" | "holderCommand" | "membersCommand" | "changeCommand"> {
  return {
    inside,
    holderCommand: async (address) => [
      ...inside,
      "env",
      `HOTSPARE_ADDRESS=${address}`,
      "luajit",
      "-e",
      await read("watch-holder.lua"),
    ],
    membersCommand: async () => [...inside, "bash", "-c", await read("watch-members.sh")],
    // By the socket, which is to be had outside too; so are the documents.
    changeCommand: async (changes, every) => [
      "bash",
      "-c",
      await read("change-members.sh"),
      "change",
      String(changes),
      String(every / 1000),
    ],
  };
}
