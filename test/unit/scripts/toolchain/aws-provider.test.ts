import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { awsProviderAdvice, locateAwsProvider } from "../../../../scripts/toolchain/aws-provider.ts";
import { pinnedAwsProvider } from "../../../../scripts/toolchain/versions.ts";
import { temporaryFolder } from "../../../support/temporary.ts";

function plugin(home: string, version: string): string {
  const folder = join(home, "plugins", `resource-aws-v${version}`);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "pulumi-resource-aws");
  writeFileSync(path, "", { mode: 0o755 });
  return path;
}

test("the provider for AWS is taken from Pulumi's plugins when its version fits, else from where one is attached", () => {
  const home = temporaryFolder();
  const env = { PATH: "", PULUMI_HOME: home };
  expect(locateAwsProvider(env)).toBeUndefined();
  // A plugin of another provider whose name begins alike, and one of an earlier major version.
  mkdirSync(join(home, "plugins", "resource-aws-native-v7.99.0"), { recursive: true });
  plugin(home, "6.99.0");
  expect(locateAwsProvider(env)).toBeUndefined();
  const fits = plugin(home, pinnedAwsProvider());
  expect(locateAwsProvider(env)).toBe(fits);
  expect(locateAwsProvider({ PATH: "", PULUMI_DEBUG_PROVIDERS: "docker:1,aws:4711" })).toContain("port 4711");
});

test("where it can't be had, the message names the version, the places and the way", () => {
  const advice = awsProviderAdvice({ PULUMI_HOME: "/home/me/.pulumi" });
  expect(advice).toContain("neither on PATH nor in /home/me/.pulumi/plugins");
  expect(advice).toContain(`pulumi plugin install resource aws v${pinnedAwsProvider()}`);
});
