import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { isSecret } from "../../../components/model/secret.ts";
import type { GroupPlan } from "../../../components/plan/types.ts";
import { renderBalancer } from "../../../components/render/aws/balancer.ts";
import { renderFollower } from "../../../components/render/aws/follower.ts";
import type { AwsMachineFiles } from "../../../components/render/aws/machine.ts";
import { renderNode } from "../../../components/render/aws/node.ts";
import { renderUserData } from "../../../components/render/aws/user-data.ts";
import { render } from "../../../components/render/index.ts";
import layersStack from "../../../stacks/layers.ts";
import lvsStack from "../../../stacks/lvs.ts";
import {
  balancers,
  containerNode,
  followedPlan,
  givenCertificate,
  privateNode,
  sampleNode,
} from "../../support/aws/nodes.ts";
import { developmentStack, givenCertificateStack, planOf, stagingStack } from "../../support/plans.ts";

/*
 * What comes out, whole: test/golden/render/<stack>/<path>. After a change that is meant:
 * UPDATE_GOLDEN=1 ./hotspare test test/unit/render, and read the diff.
 */

const golden = join(import.meta.dirname, "../../golden/render");
const update = process.env.UPDATE_GOLDEN === "1";
const cases: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  development: rendered(developmentStack),
  staging: rendered(stagingStack),
  "given-certificate": rendered(givenCertificateStack),
  lvs: rendered(lvsStack),
  layers: only(rendered(layersStack), /^director-1\/|keepalived/),
  "aws-sample": nodeFiles(sampleNode()),
  "aws-container": nodeFiles(containerNode()),
  "aws-private": nodeFiles(privateNode("password")),
  "aws-follower": { "etc/hotspare/follower.json": renderFollower(followedPlan()) },
  "aws-balancer": balancerFiles(balancers(givenCertificate)),
};

/** The rendered files of a stack by path, those of further balancers left out: they differ by their names and addresses. */
function rendered(stack: unknown): Record<string, string> {
  return Object.fromEntries(
    render(planOf(stack))
      .filter(({ machine }) => !["lb-2", "lb-3", "director-2"].includes(machine))
      .flatMap(({ machine, files }) =>
        files.map(({ path, content }) => [
          `${machine}/${path}`,
          isSecret(content) ? `secret: ${content.secret}\n` : content,
        ]),
      ),
  );
}

/** Those files whose paths match: what is like another case's is held there. */
function only(files: Readonly<Record<string, string>>, paths: RegExp): Record<string, string> {
  return Object.fromEntries(Object.entries(files).filter(([path]) => paths.test(path)));
}

function stored(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

/** What a node on AWS starts from. */
function nodeFiles({ plan, group, service }: ReturnType<typeof sampleNode>): Record<string, string> {
  return machineFiles(group, renderNode(plan, group, service));
}

/** What a balancer on AWS starts from. */
function balancerFiles({ plan, group, service }: ReturnType<typeof balancers>): Record<string, string> {
  return machineFiles(group, renderBalancer(plan, group, service));
}

function machineFiles(
  group: GroupPlan,
  { files, packages, masked, early, units }: AwsMachineFiles,
): Record<string, string> {
  const place = {
    bucket: "bundles",
    key: `${group.key}/bundle.tar.gz`,
    sha256: "0123456789abcdef".repeat(4),
  };
  return {
    "user-data": renderUserData(group.key, "eu-central-1", place, group.fingerprint, {
      group: group.name,
      hook: "ready",
    }),
    packages: packages.join("\n"),
    masked: masked.join("\n"),
    early: early.join("\n"),
    units: units.join("\n"),
    ...Object.fromEntries(Object.entries(files).map(([path, text]) => [path.slice(1), text])),
  };
}

describe.each(Object.entries(cases))("the files of the %s stack", (name, files) => {
  const folder = join(golden, name);
  if (update) {
    rmSync(folder, { recursive: true, force: true });
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
  }

  test("are these and no others", () => {
    expect(Object.keys(files).sort()).toEqual(stored(folder).sort());
  });

  test.each(Object.keys(files))("%s", (path) => {
    expect(files[path]).toBe(readFileSync(join(folder, path), "utf8"));
  });
});
