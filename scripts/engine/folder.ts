import { kitRoot } from "../../infra/project-root.ts";

/** Names another folder with a Pulumi.yaml of this project, for clusters whose settings belong into no checkout. */
export const engineFolderVariable = "HOTSPARE_ENGINE_FOLDER";

/** Where Pulumi runs: it finds the project there, and keeps the settings of stacks below it. */
export function engineFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env[engineFolderVariable] ?? kitRoot;
}
