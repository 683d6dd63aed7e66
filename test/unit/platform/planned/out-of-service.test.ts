import { describe, expect, test } from "vitest";
import { BalancerControl } from "../../../../components/platform/planned/balancer-control.ts";
import { outOfService } from "../../../../components/platform/planned/out-of-service.ts";

/** A balancer with two nodes, as its control socket shows it. */
function balancer(nodes: Record<string, { healthy: boolean; inFlight: number }>) {
  let operator = {
    schema: 1,
    revision: 3,
    by: "nobody",
    members: { "web-9": { state: "cordoned" } } as object,
  };
  const said: object[] = [];
  let conflicts = 0;
  const exec = async (_: string, command: readonly string[], { stdin }: { stdin?: string } = {}) => {
    const answer = (value: object, exitCode = 0) => ({ exitCode, stdout: JSON.stringify(value), stderr: "" });
    const path = command.at(-1);
    if (path?.endsWith("/operator") && stdin !== undefined) {
      if (conflicts-- > 0) {
        operator.revision += 1;
        return answer({ error: "revision", revision: operator.revision }, 22);
      }
      const document = JSON.parse(stdin);
      if (document.revision !== operator.revision + 1) return answer({ error: "revision" }, 22);
      operator = document;
      said.push(document.members);
      return answer({ revision: document.revision });
    }
    if (path?.endsWith("/operator")) return answer(operator);
    const members = Object.entries(nodes).map(([key, node]) => ({
      key,
      desiredRole: "active",
      out: false,
      ...node,
    }));
    return answer({ pools: { web: { members } }, draining: {} });
  };
  const control = new BalancerControl({ exec } as never, "lb-1");
  return { control, said, document: () => operator, conflict: (times: number) => (conflicts = times) };
}

const pace = { drain: 300, patience: 300 };
const healthy = { healthy: true, inFlight: 0 };
const drained = { state: "drained", reason: "up: its files are being changed" };
const cordoned = { "web-9": { state: "cordoned" } };

test("maintenance is laid beside what is said of nodes, and ends by itself alone", async () => {
  const { control, document } = balancer({});
  const said = { since: "2026-03-01T14:02:09.000Z", by: "mia", retryAfter: 300, allowed: [] };
  await control.setMaintenance("mia", said);
  expect(document()).toMatchObject({ revision: 4, by: "mia", members: cordoned, maintenance: said });
  await control.changeOperator("up", "web-1", drained);
  expect(document()).toMatchObject({ members: { ...cordoned, "web-1": drained }, maintenance: said });
  await control.setMaintenance("tom", null);
  expect(document()).toMatchObject({ revision: 6, by: "tom" });
  expect(document()).not.toHaveProperty("maintenance");
  await control.setMaintenance("tom", null);
  expect(document().revision).toBe(6);
});

describe("a node that is changed where it stands", () => {
  test("is drained at every balancer meanwhile, and what people say of others stays", async () => {
    const [one, two] = [
      balancer({ "web-1": healthy, "web-2": healthy }),
      balancer({ "web-1": healthy, "web-2": healthy }),
    ];
    const seen = await outOfService([one.control, two.control], "web-1", pace, async () => [
      one.said.at(-1),
      two.said.at(-1),
    ]);
    expect(seen).toEqual([
      { ...cordoned, "web-1": drained },
      { ...cordoned, "web-1": drained },
    ]);
    expect([one.said.at(-1), two.said.at(-1)]).toEqual([cordoned, cordoned]);
  });

  test("isn't touched before what is under way there has ended", async () => {
    const busy = { healthy: true, inFlight: 2 };
    const { control } = balancer({ "web-1": busy, "web-2": healthy });
    setTimeout(() => (busy.inFlight = 0), 150);
    const since = Date.now();
    await outOfService([control], "web-1", { ...pace, drain: 5000 }, async () => {
      expect(busy.inFlight).toBe(0);
      expect(Date.now() - since).toBeGreaterThanOrEqual(140);
    });
  });

  test("comes back when the change failed, and the failure is told", async () => {
    const { control, said } = balancer({ "web-1": healthy, "web-2": healthy });
    const work = outOfService([control], "web-1", pace, () => Promise.reject(new Error("the disk is full")));
    await expect(work).rejects.toThrow("the disk is full");
    expect(said.at(-1)).toEqual(cordoned);
  });

  test("is left alone when no other of its pool could serve", async () => {
    const { control, said } = balancer({ "web-1": healthy, "web-2": { healthy: false, inFlight: 0 } });
    const work = outOfService([control], "web-1", pace, async () => expect.unreachable());
    await expect(work).rejects.toThrow(
      "web-1 is the only node of its pool that could serve, so nothing was changed",
    );
    expect(said).toEqual([]);
  });

  test("that no balancer knows yet is changed at once", async () => {
    const { control, said } = balancer({ "web-2": healthy });
    expect(await outOfService([control], "web-1", pace, async () => "done")).toBe("done");
    expect(said).toEqual([]);
  });

  test("is told of again when somebody else has changed the document meanwhile", async () => {
    const { control, said, conflict } = balancer({ "web-1": healthy, "web-2": healthy });
    conflict(2);
    await outOfService([control], "web-1", pace, async () => undefined);
    expect(said).toHaveLength(2);
  });
});
