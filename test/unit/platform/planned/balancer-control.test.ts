import { describe, expect, test } from "vitest";
import { BalancerControl } from "../../../../components/platform/planned/balancer-control.ts";
import type { DeliveryTransport } from "../../../../components/platform/planned/transport.ts";

/** What curl prints: the headers of each answer, then the last status; null when there is no answer at all. */
type Printed = readonly string[] | null;

/** A balancer's machine, on which a node is asked through nginx and by itself. */
function asking(through: Printed, itself: Printed) {
  const exec = async (_machine: string, command: readonly string[]) => {
    const printed = command.includes("--unix-socket") ? through : itself;
    if (printed === null) return { exitCode: 28, stdout: "000", stderr: "timed out\n" };
    return { exitCode: 0, stdout: printed.join("\r\n"), stderr: "" };
  };
  return new BalancerControl({ exec } as unknown as DeliveryTransport, "lb-1").probe(
    "http://10.0.0.5:8080/readyz",
    { path: "/readyz", intervalMs: 200, timeoutMs: 150, fall: 2, rise: 2 },
  );
}

const asked = "X-Hotspare-Asked: yes";
const fine = ["HTTP/1.1 200 OK", "", "200"];
/** As nginx 1.26 passes it on: what comes after is a body to it. */
const taken = ["HTTP/1.1 103 Early Hints", asked, "", ...fine];
/** As nginx 1.29 does. */
const passedOn = ["HTTP/1.1 103 Early Hints", "", "HTTP/1.1 200 OK", asked, "", "200"];

test("a newcomer that nginx can read passes", async () => {
  expect(await asking(["HTTP/1.1 200 OK", asked, "", "200"], null)).toBe(null);
});

test("one that nginx can't read is refused, though it answers by itself", async () => {
  expect(await asking(["HTTP/1.1 502 Bad Gateway", asked, "", "502"], fine)).toBe("HTTP 502");
});

test("one that sends informational answers is told what is wrong", async () => {
  expect(await asking(taken, fine)).toMatch(
    /^it answers 103 before its final answer, and nginx before 1\.29 ends/,
  );
  expect(await asking(passedOn, null)).toBe(null);
});

test("one that fails either way is told what came", async () => {
  const unready = ["HTTP/1.1 503 Service Unavailable", asked, "", "503"];
  expect(await asking(unready, ["HTTP/1.1 503 Service Unavailable", "", "503"])).toBe("HTTP 503");
});

test("one that nobody reaches is told what curl says of it, and not nginx's own answer", async () => {
  expect(await asking(["HTTP/1.1 502 Bad Gateway", asked, "", "502"], null)).toBe("timed out");
});

test("a balancer of an older configuration asks the node itself", async () => {
  const unknown = ["HTTP/1.1 404 Not Found", "", "404"];
  expect(await asking(unknown, fine)).toBe(null);
  expect(await asking(unknown, null)).toBe("timed out");
});

describe("the members of a balancer", () => {
  const members = (exitCode: number, stdout = "", stderr = "") =>
    new BalancerControl(
      { exec: async () => ({ exitCode, stdout, stderr }) } as unknown as DeliveryTransport,
      "lb-1",
    ).members();

  test.each([
    [7, "curl: (7) Failed to connect"],
    [52, "curl: (52) Empty reply from server"],
    [56, "curl: (56) Recv failure"],
  ])("are none where nobody listens yet, behind a relay neither (%i)", async (exitCode, stderr) => {
    expect(await members(exitCode, "", stderr)).toBeNull();
  });

  test.each([
    [28, "", "curl: (28) Operation timed out"],
    [22, '{"error":"busy"}', "curl: (22) The requested URL returned error: 500"],
  ])("are not taken for none where it serves and doesn't say (%i)", async (exitCode, stdout, stderr) => {
    await expect(members(exitCode, stdout, stderr)).rejects.toThrow(
      `a balancer doesn't say which members it has: ${stdout || stderr}`,
    );
  });
});
