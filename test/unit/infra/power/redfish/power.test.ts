import { type AddressInfo, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import { type Request, refused } from "../../../../../scripts/lab/controller/reply.ts";
import { bench, endBenches } from "../../../../support/metal/controller.ts";

/* What holds for every controller: power, identity, certificates, and what goes wrong on the way. */

afterEach(endBenches);

describe("power", () => {
  test("is switched on and off, and what is so already isn't pressed", async () => {
    const { power, lamp } = await bench();
    expect(await power.status()).toEqual({ power: "off", health: "ok", progress: null, boot: "none" });
    expect(await power.on()).toBe("done");
    expect((await power.status()).power).toBe("on");
    expect(await power.on()).toBe("was so");
    expect(await power.off(0)).toBe("done");
    expect(await power.off(0)).toBe("was so");
    expect(lamp.presses).toBe(2);
  });

  test("a system that doesn't shut down by itself is cut", async () => {
    const { power, emulator, lamp } = await bench({ lit: true });
    const asked: unknown[] = [];
    emulator.fault = ({ method, body }) => {
      if (method !== "POST" || body.ResetType === undefined) return null;
      asked.push(body.ResetType);
      return body.ResetType === "GracefulShutdown" ? { status: 204 } : null;
    };
    expect(await power.off(60)).toBe("done");
    expect(asked).toEqual(["GracefulShutdown", "ForceOff"]);
    expect(lamp.lit).toBe(false);
  });

  test.each([
    ["look", ({ method, path }: Request) => method === "GET" && path.endsWith("/Systems/1")],
    ["order to shut down", ({ body }: Request) => body.ResetType === "GracefulShutdown"],
  ])("a lost %s doesn't keep a system that doesn't shut down from being cut", async (_, isLost) => {
    const { power, emulator, lamp } = await bench({ lit: true });
    // An idle connection that closes is opened again at once, so two are lost.
    let lose = 0;
    emulator.fault = (request) => {
      if (request.body.ResetType === "GracefulShutdown") lose = 2;
      if (lose > 0 && isLost(request)) {
        lose--;
        return "cut";
      }
      return request.body.ResetType === "GracefulShutdown" ? { status: 204 } : null;
    };
    expect(await power.off(60)).toBe("done");
    expect(lamp.lit).toBe(false);
  });

  test("an answer that is lost is no second press, since what is seen counts", async () => {
    const { power, emulator, lamp } = await bench();
    emulator.fault = ({ method, body }) => {
      if (method !== "POST" || body.ResetType === undefined) return null;
      void lamp.on();
      return "cut";
    };
    expect(await power.on()).toBe("done");
    expect(lamp.presses).toBe(1);
  });

  describe("by a button that turns a server over", () => {
    const persona = { resets: ["ForceOff", "PushPowerButton"] };

    test("isn't pressed while its state is unknown", async () => {
      const { power, emulator, lamp } = await bench({ lit: true, persona });
      let unknown = 4;
      emulator.shape = (path, document) =>
        path.endsWith("/Systems/1") && unknown-- > 0 ? { ...document, PowerState: null } : document;
      expect(await power.on()).toBe("done");
      expect([lamp.lit, lamp.presses]).toEqual([true, 0]);
      unknown = Number.POSITIVE_INFINITY;
      await expect(power.on()).rejects.toThrow(
        "has one button for on and off and says unknown of its server, so it wasn't pressed; look at its console",
      );
      expect(lamp.presses).toBe(0);
    });

    test("is pressed once, also where the state of before is shown long afterwards", async () => {
      const { power, emulator, lamp } = await bench({ persona });
      const begun = performance.now();
      emulator.shape = (path, document) =>
        path.endsWith("/Systems/1") && performance.now() - begun < 1_000
          ? { ...document, PowerState: "Off" }
          : document;
      expect(await power.on()).toBe("done");
      expect([lamp.lit, lamp.presses]).toEqual([true, 1]);
    });
  });

  test("one that never gets on is said, with the console as the way out", async () => {
    const { power, emulator } = await bench();
    emulator.fault = ({ body }) => (body.ResetType === undefined ? null : { status: 204 });
    await expect(power.on()).rejects.toThrow(
      /^s1: its controller at 127\.0\.0\.1:\d+ took the order and the server is off after 1.5 s, not on; look at its console$/,
    );
  });
});

describe("the right server", () => {
  test("is known by its serial number, and no other is ever pressed", async () => {
    const { power, lamp, controller } = await bench({ way: { serial: "SN2" } });
    for (const change of [
      () => power.on(),
      () => power.off(0),
      () => power.bootOnce("cd"),
      () => power.insert("http://x/y.iso"),
      () => power.eject(),
    ])
      await expect(change()).rejects.toThrow(
        `s1: its controller at 127.0.0.1:${controller.port} is that of the server SN1, not SN2, so nothing was done; correct its \`bmc\` or \`serial\``,
      );
    expect(lamp.presses).toBe(0);
  });

  test("another certificate gets no password", async () => {
    const { power, emulator } = await bench({ way: { certificate: `sha256:${"0".repeat(64)}` } });
    await expect(power.on()).rejects.toThrow(
      /shows the certificate sha256:[0-9a-f]{64}, not bmc.certificate, so nothing was sent/,
    );
    expect(emulator.asked).toEqual([]);
  });

  test("a certificate that nobody has signed isn't trusted without its digest", async () => {
    const { power, emulator } = await bench({ way: { certificate: null } });
    await expect(power.status()).rejects.toThrow(
      /shows a certificate that can't be trusted .*; name its digest in bmc.certificate$/,
    );
    expect(emulator.asked).toEqual([]);
  });
});

describe("getting in", () => {
  test("is one session, which is ended", async () => {
    const { power, emulator } = await bench();
    await power.status();
    await power.facts();
    expect(emulator.sessions.size).toBe(1);
    await power.close();
    expect(emulator.sessions.size).toBe(0);
  });

  test("a wrong password is said without it", async () => {
    const { power } = await bench({ way: { password: "wrong-one" } });
    const error = await power.status().catch((reason: Error) => reason);
    expect(String(error)).toMatch(
      /doesn't let operator in \(.*\); correct the secret that bmc.account names/,
    );
    expect(String(error)).not.toContain("wrong-one");
  });

  test("a controller that started anew has forgotten the session, and gets another", async () => {
    const { power, emulator } = await bench();
    await power.status();
    emulator.forget();
    expect((await power.status()).power).toBe("off");
  });
});

describe("patience", () => {
  test("one that is busy is asked again when it says", async () => {
    const { power, emulator } = await bench();
    let busy = 2;
    emulator.fault = ({ path }) =>
      path.endsWith("/Systems/1") && busy-- > 0
        ? { ...refused(503, "ServiceTemporarilyUnavailable"), headers: { "retry-after": "0" } }
        : null;
    expect((await power.status()).power).toBe("off");
    expect(busy).toBe(-1);
  });

  test("one that says nothing is given up in time", async () => {
    const { power, emulator } = await bench();
    emulator.fault = () => "silence";
    const begun = performance.now();
    await expect(power.status()).rejects.toThrow(
      "has not answered within 2 s; is there a route to it, and is it well?",
    );
    expect(performance.now() - begun).toBeLessThan(3_500);
  });

  test("one whose TLS never completes is given up in time, and nothing of it stays open", async () => {
    const open = new Set<Socket>();
    const mute = createServer((socket) => {
      open.add(
        socket
          .resume()
          .on("error", () => {})
          .on("close", () => open.delete(socket)),
      );
    });
    await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      for (const socket of open) socket.destroy();
      mute.close();
    });
    const { power } = await bench({ way: { port: (mute.address() as AddressInfo).port } });
    await expect(power.status(AbortSignal.timeout(50))).rejects.toThrow(/timeout/i);
    await expect(power.status()).rejects.toThrow("has not answered within 2 s");
    await power.close();
    await expect.poll(() => open.size).toBe(0);
  }, 6_000);

  test("a signal ends what is waited for", async () => {
    const { power, emulator } = await bench();
    emulator.fault = () => "silence";
    await expect(power.status(AbortSignal.timeout(50))).rejects.toThrow(/timeout/i);
  });

  test("nobody at the address is said", async () => {
    const { power, emulator } = await bench();
    await emulator.close();
    await expect(power.status()).rejects.toThrow(
      "refuses connections; is Redfish switched on there, and on this port?",
    );
  });

  test("one controller is asked one thing at a time", async () => {
    const { power, emulator } = await bench();
    let most = 0;
    let now = 0;
    emulator.fault = async () => {
      most = Math.max(most, ++now);
      await sleep(5);
      now--;
      return null;
    };
    await Promise.all([power.status(), power.status(), power.facts()]);
    expect(most).toBe(1);
  });
});
