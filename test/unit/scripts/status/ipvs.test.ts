import { describe, expect, it } from "vitest";
import { type Tables, tablesDiffer } from "../../../../scripts/status/ipvs.ts";

const destination = (address: string, weight = 1) => ({
  address,
  port: 5432,
  weight,
  active: 0,
  inactive: 0,
  connections: 0,
  packetsIn: 0,
  packetsOut: 0,
  bytesIn: 0,
  bytesOut: 0,
});
const table = (destinations: ReturnType<typeof destination>[], scheduler = "mh"): Tables[string] => ({
  kernel: "user-mode Linux 6.1",
  services: [{ protocol: "tcp", address: "10.0.0.10", port: 5432, scheduler, flags: "flag-1", destinations }],
});
const [one, two] = [destination("10.0.0.32"), destination("10.0.0.33")];

describe("tables of two directors", () => {
  it("are alike whoever is in one with nothing new, and in whatever order", () => {
    const gone = destination("10.0.0.34", 0);
    expect(tablesDiffer({ "lb-1": table([one, two]), "lb-2": table([two, gone, one]) })).toEqual([]);
    expect(tablesDiffer({ "lb-1": table([one]) })).toEqual([]);
    expect(tablesDiffer({})).toEqual([]);
  });

  it("differ by a node, a weight, a scheduler, a service", () => {
    const differ = (other: Tables[string]) => tablesDiffer({ "lb-1": table([one, two]), "lb-2": other });
    expect(differ(table([one]))).toEqual([
      "lb-1 and lb-2 forward tcp/5432 differently (mh, 10.0.0.32 weight 1, 10.0.0.33 weight 1; mh, 10.0.0.32 weight 1)",
    ]);
    expect(differ(table([one, destination("10.0.0.33", 2)]))).toHaveLength(1);
    expect(differ(table([one, two], "rr"))).toHaveLength(1);
    expect(differ({ kernel: "", services: [] })).toEqual([expect.stringContaining("; not there)")]);
  });
});
