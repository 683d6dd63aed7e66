import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { directNetwork, lintNodeNetwork } from "../../../components/plan/tiers/node-network.ts";
import { render } from "../../../components/render/index.ts";
import { lintKeepalived } from "../../../components/render/keepalived/lint.ts";
import { parseKeepalived } from "../../../components/render/keepalived/parse.ts";
import { developmentStack, planOf } from "../../support/plans.ts";
import { randomLvsStack } from "../../support/random-lvs-stacks.ts";

/** The pair's files, with one line of one of them changed. */
function pair(from: RegExp | string = "", to = "", machine = "lb-2") {
  return render(planOf(developmentStack)).flatMap(({ machine: key, files }) => {
    const text = String(files.find(({ path }) => path === "keepalived.conf")?.content ?? "");
    if (text === "") return [];
    const changed = key === machine ? text.replace(from, to) : text;
    if (key === machine && from !== "") expect(changed).not.toBe(text);
    return [{ machine: key, text: changed }];
  });
}

describe("the files of a pair", () => {
  it("fit", () => {
    expect(lintKeepalived(pair())).toEqual([]);
  });

  // What `keepalived -t` says nothing of.
  it.each([
    [/virtual_router_id \d+/, "virtual_router_id 77", 'lb-2: virtual_router_id is "77", and "51" at lb-1'],
    [/advert_int [\d.]+/, "advert_int 0.5", 'lb-2: advert_int is "0.5", and "0.1" at lb-1'],
    [/vrrp_version 3/, "vrrp_version 2", "lb-2: adverts of less than a second need vrrp_version 3"],
    [/\S+\/32 dev/, "10.77.2.99/32 dev", 'lb-2: the list of addresses is "10.77.2.99/32"'],
    [/priority \d+/, "priority 150", "lb-2: it has the priority of lb-1: both would take the address"],
    [/router_id lb-2/, "router_id lb-1", "lb-2: it has the router_id of lb-1"],
    [/state BACKUP/, "state MASTER", "lb-2: nopreempt counts only with state BACKUP"],
    [/ {2}nopreempt\n/, "", 'lb-2: nopreempt is "false", and "true" at lb-1'],
    [
      /\S+ min_ttl/,
      "10.77.2.98 min_ttl",
      "lb-2: it doesn't tell lb-1 of its adverts: both would have the address",
    ],
    [/\S+ min_ttl/, "10.77.2.98 min_ttl", "lb-2: nobody here is its peer 10.77.2.98"],
    [/unicast_src_ip \S+/, "unicast_src_ip 10.77.2.97", "lb-1: it doesn't tell lb-2 of its adverts"],
    [
      /vrrp_garp_master_refresh 1/,
      "vrrp_garp_master_refresh 0",
      "lb-2: vrrp_garp_master_refresh must be above 0",
    ],
    [/script_user root/, "vrrp_strict", "lb-2: vrrp_strict drops packets"],
    [/advert_int [\d.]+/, "advert_int 41", "lb-2: advert_int 41 is not from 0.01 to 40.95 s"],
    [/ {2}track_file \{/, "  track_process {", "lb-2: track_process sees nothing in a container"],
    [/\n {4}\S+\/32 dev eth0/, "", "lb-2: it has 0 addresses, not 1 to 20"],
  ])("don't with %s as %s", (from, to, problem) => {
    expect(lintKeepalived(pair(from, to)).join("\n")).toContain(problem);
  });

  it("may not have one at which a balancer is its own peer", () => {
    const [, second] = pair();
    const own = /unicast_src_ip (\S+)/.exec(second?.text ?? "")?.[1] ?? "";
    expect(lintKeepalived(pair(/\S+ min_ttl/, `${own} min_ttl`)).join("\n")).toContain(
      "it is among its own peers",
    );
  });

  it("are read to their end", () => {
    expect(() => parseKeepalived("a {\n")).toThrow("a block has no end");
    expect(() => parseKeepalived("}\n")).toThrow("a block ends that has not begun");
    expect(parseKeepalived("a b { # c\n d\n}\n")).toEqual([
      { words: ["a", "b"], within: [{ words: ["d"], within: [] }] },
    ]);
  });
});

describe("a node's network", () => {
  it("fits direct routing with the address on its loopback card, of which it tells nobody", () => {
    expect(lintNodeNetwork("dr", directNetwork)).toEqual([]);
    expect(lintNodeNetwork("dr", { ...directNetwork, holdsAddress: false })[0]).toContain(
      "is not on its loopback card",
    );
    for (const name of Object.keys(directNetwork.sysctls)) {
      const [problem] = lintNodeNetwork("dr", {
        ...directNetwork,
        sysctls: { ...directNetwork.sysctls, [name]: "0" },
      });
      expect(problem).toContain(`${name} is 0 and must be`);
    }
  });

  it("can't be prepared for what isn't built", () => {
    expect(lintNodeNetwork("tunnel", directNetwork)).toEqual([
      'nodes can\'t be prepared for the forwarding "tunnel"',
    ]);
  });
});

test("any LVS stack's files fit", () => {
  fc.assert(
    fc.property(randomLvsStack, (stack) => {
      // `render` refuses those that don't.
      expect(render(planOf(stack)).length).toBeGreaterThan(0);
    }),
    { numRuns: 200 },
  );
});
