import { type FileHandle, open } from "node:fs/promises";
import { exitCodes, UserError } from "../exit.ts";

/** Opens a file that a person has named, before anything is done for it. A pipe is one as well. @throws UserError */
export async function openGiven(file: string, flags: "r" | "w"): Promise<FileHandle> {
  const handle = await open(file, flags, 0o600).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(
      flags === "r" && error.code === "ENOENT"
        ? `${file} isn't there`
        : `${file} can't be ${flags === "r" ? "read" : "written"} (${error.message}); name another file`,
      exitCodes.usage,
    );
  });
  if (!(await handle.stat()).isDirectory()) return handle;
  await handle.close();
  throw new UserError(`${file} is a folder; name a file`, exitCodes.usage);
}
