import { serverFilesType } from "./types.ts";

type Recorded = Readonly<Record<string, object>>;

/** Name of the server of each machine that a state knows, by the machine's key. @param recorded what it has, by URN */
export function placedIn(recorded: Recorded): Record<string, string> {
  return Object.fromEntries(
    Object.entries(recorded).flatMap(([urn, values]) => {
      const { key, ssh } = values as { key?: unknown; ssh?: { name?: unknown } };
      return urn.includes(serverFilesType) && typeof key === "string" && typeof ssh?.name === "string"
        ? [[key, ssh.name]]
        : [];
    }),
  );
}
