import { bundledOf, bundledProgram, bundleFile } from "../../bundled-program.ts";

/** The follower of this checkout. */
export const followerProgram = (): Buffer => bundledProgram("follower");

/** Where the follower of the project in `root` is kept. */
export const followerFile = (root: string, cache: string): string => bundleFile(root, cache);

/**
 * The follower of the project in `root`.
 *
 * @param cache folder where it is kept; one that can't be written is done without, as is none
 */
export const followerOf = (root: string, cache: string | null): Buffer => bundledOf(root, "follower", cache);
