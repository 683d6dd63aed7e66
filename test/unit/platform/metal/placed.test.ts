import { expect, test } from "vitest";
import { placedIn } from "../../../../components/platform/metal/placed.ts";
import { serverFilesType, serverType } from "../../../../components/platform/metal/types.ts";

const urn = (type: string, name: string) =>
  `urn:pulumi:shop::hotspare::hotspare:index:Cluster$${type}::${name}`;

test("a state tells where each machine stands, and of nothing else", () => {
  const ssh = { name: "s1", host: "192.0.2.11" };
  expect(
    placedIn({
      [urn(serverFilesType, "shop-web-1")]: { key: "web-1", ssh },
      [urn(serverFilesType, "shop-lb-1")]: { key: "lb-1", ssh: { ...ssh, name: "s2" } },
      // Half-made, of an earlier shape, or no machine.
      [urn(serverFilesType, "shop-web-2")]: { key: "web-2" },
      [urn(serverType, "shop-network-s1")]: { ssh },
      [urn("pulumi:index:Stash", "shop-lb-1-files")]: { key: "lb-1", ssh },
    }),
  ).toEqual({ "web-1": "s1", "lb-1": "s2" });
});
