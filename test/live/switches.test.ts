import { afterAll, beforeAll, expect, test } from "vitest";
import type { ClusterPlan } from "../../components/plan/types.ts";
import { removeAll } from "../support/containers.ts";
import type { LoadResult } from "../support/load.ts";
import { deliver, filesOf, type Pair, startPair } from "../support/pair.ts";
import { planOf } from "../support/plans.ts";
import { until } from "../support/until.ts";

/*
 * TLS on, TLS off, again and again under load: each balancer in turn gives the virtual address away, reloads, and so gives it back. The
 * figures are printed, for docs/balancer.md.
 */

const suite = "switches";
/** HOTSPARE_SWITCHES=50 for the long run, of about 10 minutes. */
const switches = Number(process.env.HOTSPARE_SWITCHES ?? 2);
/** Requests a second on kept connections, and as many on new ones. */
const rate = 200;

const planWith = (tls: object | null): ClusterPlan =>
  planOf({
    name: "switches",
    environment: "development",
    platform: { kind: "docker" },
    network: { subnet: "10.79.34.0/23" },
    balancer: { kind: "nginx", count: 2, listen: { tls } },
    pools: { web: { active: 3 } },
  });
const off = planWith(null);
const on = planWith({ redirect: false, certificate: { kind: "self-signed", names: ["api.test"] } });
let pair: Pair;

async function change(plan: ClusterPlan): Promise<string[]> {
  const addresses = [];
  for (const { key } of plan.balancers) {
    const applied = await deliver(pair.machine(key), filesOf(plan, key));
    expect(applied, applied.stderr).toMatchObject({ exitCode: 0, outcome: "applied" });
    addresses.push(applied.address);
  }
  return addresses;
}

beforeAll(async () => {
  await removeAll(suite);
  pair = await startPair(suite, off);
  await change(off);
  await until("one has the address", async () => (await pair.holder()) !== null, 20_000);
});
afterAll(() => removeAll(suite));

const lostOf = ({ failed }: LoadResult) => Object.values(failed).reduce((sum, count) => sum + count, 0);

test(
  `${switches} switches of TLS cost nobody's kept connection`,
  async () => {
    const url = `http://${off.network.virtualAddress}/slow?ms=20`;
    const total = {
      sent: 0,
      kept: 0,
      fresh: 0,
      moves: 0,
      longestGap: 0,
      failed: [] as LoadResult["failed"][],
    };
    for (let done = 0; done < switches; done++) {
      const seconds = 10;
      const loads = [
        pair.load({ url, rps: rate, seconds }),
        pair.load({ url, rps: rate, seconds, fresh: true }),
      ];
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const addresses = await change(done % 2 === 0 ? on : off);
      const [kept, fresh] = (await Promise.all(loads)) as [LoadResult, LoadResult];
      total.sent += kept.sent;
      total.kept += lostOf(kept);
      total.fresh += lostOf(fresh);
      total.failed.push(kept.failed, fresh.failed);
      total.moves += addresses.filter((address) => address === "moved").length;
      total.longestGap = Math.max(total.longestGap, kept.longestGap, fresh.longestGap);
    }
    console.log(
      `${switches} switches, ${total.moves} moves: lost ${total.kept} of ${total.sent} on kept connections, ${total.fresh} of as many on new ones; longest gap ${Math.round(total.longestGap)} ms`,
    );
    // The one that has the address gives it away each time, and the other one gives it back.
    expect(total.moves).toBeGreaterThanOrEqual(2 * switches - 1);
    // Two for a client that gets no processor for a second between connecting and sending.
    expect(total.kept + total.fresh, JSON.stringify(total.failed)).toBeLessThanOrEqual(2);
  },
  60_000 + switches * 20_000,
);
