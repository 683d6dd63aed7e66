import { expect, test } from "vitest";
import { platforms } from "../../../../scripts/platforms/select.ts";
import { pinnedAwsProvider, pinnedVersions } from "../../../../scripts/toolchain/versions.ts";

test("a saved plan goes by the provider of its stack's platform, and by no other", () => {
  expect(Object.fromEntries(platforms.map(({ kind, tools }) => [kind, tools()]))).toEqual({
    docker: { "docker provider": pinnedVersions().dockerProvider },
    aws: { "aws provider": pinnedAwsProvider() },
    metal: {},
    memory: {},
  });
});
