import { Repository } from "../../../support/repository.ts";

/** A small stack as a file of its own. @param more further lines of it */
export const stackFile = (name: string, active: number, more = "") => `
import { defineStack } from "../components/model/define.ts";

export default defineStack({
  name: "${name}",
  environment: "development",
  platform: { kind: "docker" },
  balancer: { kind: "nginx", count: 2 },
  pools: { web: { active: ${active} } },
  routes: [{ path: "/", pool: "web" }],
  ${more}
});
`;

/** stacks/index.ts with these stacks. */
export const stacksIndex = (...names: string[]) => `
export const stacks = {
${names.map((name) => `  ${name}: () => import("./${name}.ts"),`).join("\n")}
};
`;

/** A repository whose first commit has these stacks, by their number of nodes; and that commit. */
export async function repositoryOf(stacks: Readonly<Record<string, number>>) {
  const repository = await Repository.create();
  for (const [name, active] of Object.entries(stacks))
    await repository.write(`stacks/${name}.ts`, stackFile(name, active));
  await repository.write("stacks/index.ts", stacksIndex(...Object.keys(stacks)));
  return { repository, first: await repository.commit("small stacks") };
}
