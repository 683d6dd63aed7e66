import { extname, join, sep } from "node:path";

/** Root of the kit: the folder of Pulumi.yaml. */
export const kitRoot = join(import.meta.dirname, "..");

/** What the kit's own modules end in: `.ts` in a checkout, `.js` in a package, since Node strips no types below node_modules. */
export const moduleEnding = extname(import.meta.filename) as ".ts" | ".js";

/** Root of the person's project, which has the stacks and the folders of images: the checkout, or whatever project has the package. */
export const projectRoot = projectOf(kitRoot);

/** The project that has a kit: the folder around the outermost node_modules, wherever a package manager has put the package below it. */
export function projectOf(kit: string): string {
  return kit.split(`${sep}node_modules${sep}`)[0] as string;
}
