import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { programsOf } from "../../../components/plan/platforms/aws/groups.ts";
import { hooks } from "../../../components/plan/platforms/aws/names.ts";
import { awsPlanOf } from "../../../components/plan/platforms/aws/part.ts";
import type { ClusterPlan, GroupPlan } from "../../../components/plan/types.ts";
import type { Bootstrap, Bundle } from "../../../components/platform/aws/access.ts";
import { renderGroup } from "../../../components/render/aws/group.ts";
import { renderUserData } from "../../../components/render/aws/user-data.ts";
import { type ArchiveFile, tarGz } from "../../archive.ts";
import { folders } from "../../folders.mjs";
import { writeWhole } from "../../whole-file.ts";
import { onMachine, programFiles } from "./programs.ts";

/** What machines on AWS start from: rendered files, and the programs that run on them. */
export const bootstrap: Bootstrap = {
  bundle: (plan, group) => stored(tarGz([...rendered(plan, group), ...programFiles(programsOf(group))])),
  userData: (plan, group, place) =>
    renderUserData(
      `${group.key} of cluster ${plan.cluster}`,
      awsPlanOf(plan).region,
      place,
      group.fingerprint,
      { group: group.name, hook: hooks.ready },
    ),
};

/** As a file of the cache, under its hash. */
function stored(content: Buffer): Bundle {
  const sha256 = createHash("sha256").update(content).digest("hex");
  const folder = join(folders().cache, "bundles");
  const file = join(folder, `${sha256}.tar.gz`);
  if (!existsSync(file)) writeWhole(file, content);
  return { file, sha256 };
}

/** What stands beside the machine's files is for the installation. */
function rendered(plan: ClusterPlan, group: GroupPlan): ArchiveFile[] {
  return renderGroup(plan, group).map(({ path, content }) =>
    path.startsWith("/") ? onMachine(path, content) : { name: path, mode: 0o644, content },
  );
}
