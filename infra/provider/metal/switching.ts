import { setTimeout as sleep } from "node:timers/promises";
import type { SshTarget } from "../../../components/platform/metal/ssh.ts";
import { SshError } from "../../../components/platform/metal/ssh.ts";
import { transportTo } from "../../../components/platform/metal/transport.ts";
import type { Switched } from "../../../components/platform/metal/types.ts";
import { runningBalancers } from "../../../components/platform/planned/balancer-control.ts";
import { isInService } from "../../../components/platform/planned/out-of-service.ts";
import { controllerOf } from "../../power/metal/controllers.ts";
import { openPower } from "../../power/open.ts";
import { inTurn } from "../../power/turns.ts";
import type { Power, PowerFacts, PowerStatus } from "../../power/types.ts";
import { factsOf, lookTimeout } from "./host.ts";
import type { Call } from "./kind.ts";

/*
 * What the provider switches servers for: one that is off can take no files. Servers come on one after the other, since a rack's feed has
 * to bear it.
 */

/** Milliseconds that a server has from its power button to SSH; big ones test their memory for minutes. */
const bootTime = 15 * 60_000;
/** That its system has to shut down. */
export const shutdownTime = 120_000;
const pause = 1_000;

export interface ServerWay extends Switched {
  readonly ssh: SshTarget;
  readonly serial: string | null;
}

/** Does something with a server's controller, and ends its session. */
async function withPower<T>(
  { ssh, bmc, account, serial }: ServerWay,
  request: number,
  work: (power: Power) => Promise<T>,
): Promise<T> {
  if (bmc === undefined) throw new Error(`${ssh.name}: it has no management controller`);
  const power = openPower(controllerOf(ssh.name, bmc, serial, account ?? null), { request });
  try {
    return await work(power);
  } finally {
    await power.close();
  }
}

/** How a server's power is, told in time for a preview. */
export function powerSeen(way: ServerWay, { signal }: Call): Promise<PowerStatus> {
  const soon = AbortSignal.any([signal, AbortSignal.timeout(lookTimeout)]);
  return withPower(way, lookTimeout, (power) => power.status(soon)).catch((error) => {
    if (signal.aborted || !soon.aborted) throw error;
    throw new Error(`${way.ssh.name}: its controller has not answered within ${lookTimeout / 1000} s`);
  });
}

export function powerFacts(way: ServerWay, { signal }: Call): Promise<PowerFacts> {
  return withPower(way, 10_000, (power) => power.facts(signal));
}

/**
 * Switches a server on, and waits until it answers SSH.
 *
 * @returns whether it was off
 * @throws Error with the cause when it doesn't come; it is off again then where nothing tells whose it is
 */
export async function switchOn(way: ServerWay, call: Call): Promise<boolean> {
  const { signal } = call;
  return inTurn("switching servers on", () =>
    withPower(way, 10_000, async (power) => {
      if ((await power.on(signal)) === "was so") return false;
      await offIfNobodys(way, call, () => answersSsh(way, power, signal));
      return true;
    }),
  );
}

/**
 * Does something with a server that was switched on. When that fails, and no serial number says that it is the one that is meant, it is
 * switched off again: a controller's address with a mistake in it is that of somebody else's server.
 */
export async function offIfNobodys<T>(way: ServerWay, call: Call, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (way.serial !== null || call.signal.aborted) throw error;
    const came = await switchOff(way, call).then(
      () => "it was off and is again",
      (reason: Error) => `it was off and stays on (${reason.message})`,
    );
    const { name } = way.ssh;
    throw new Error(
      `${(error as Error).message}; ${came}, since nothing tells whether it is the one that is meant: correct platform.servers.${name}.bmc, or name platform.servers.${name}.serial`,
    );
  }
}

/** Does something with a server that was switched on for it; one that won't be this stack's is off again, as it was. */
export async function offIfRefused<T>(way: ServerWay, call: Call, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!call.signal.aborted)
      await switchOff(way, call).catch((reason: Error) =>
        call.warn(`it was off and stays on: ${reason.message}`),
      );
    throw error;
  }
}

export async function switchOff(way: ServerWay, { signal }: Call): Promise<void> {
  await withPower(way, 10_000, (power) => power.off(shutdownTime, signal));
}

/** What a standby is called, and the balancers that would let it serve. */
export interface Carried {
  readonly key: string;
  readonly balancers: Readonly<Record<string, SshTarget>>;
}

/** Switches a cold standby off again, unless a warden has put it in place of a node that died while it was on. */
export async function offUnlessItServes(way: ServerWay, carried: Carried, call: Call): Promise<void> {
  const { key } = carried;
  if (await isInService(await balancersOf(carried), key))
    return call.warn(
      `${key} stays on, since it serves in place of another node; wardens switch it off when that is back`,
    );
  await switchOff(way, call);
}

/** Those that run of the balancers that send a machine requests. */
export function balancersOf({ balancers, key }: Carried) {
  const target = (name: string) => {
    const found = balancers[name];
    if (found === undefined) throw new Error(`${name} is no balancer of ${key}`);
    return found;
  };
  return runningBalancers(transportTo(target, Object.keys(balancers)), {});
}

async function answersSsh(way: ServerWay, power: Power, signal: AbortSignal): Promise<void> {
  const { ssh } = way;
  for (const deadline = performance.now() + bootTime; ; await sleep(pause, undefined, { signal })) {
    try {
      await factsOf({ target: ssh, serial: null, timeout: 10_000, signal });
      return;
    } catch (error) {
      signal.throwIfAborted();
      // Another key or a closed account doesn't get better by waiting.
      const comes =
        error instanceof SshError &&
        /can't be reached|nothing answers|has not answered|broke/.test(error.message);
      if (comes && performance.now() < deadline) continue;
      const causes = await power.causes(signal).catch(() => []);
      throw new Error(
        `${(error as Error).message}; it was switched on, and its controller says: ${causes.join("; ") || "nothing"}`,
      );
    }
  }
}
