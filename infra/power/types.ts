/*
 * Power of servers by their management controllers: what every kind of controller can be asked and told. Node alone and nothing of
 * Pulumi's, so that the provider, the commands and what runs beside the balancers use the same. Durations in milliseconds.
 */

/** A server's management controller, and how to get in. */
export interface Controller {
  /** What people call the server; every error begins with it. */
  readonly server: string;
  readonly kind: "redfish" | "ipmi";
  readonly host: string;
  /** Null for the usual one of its kind. */
  readonly port: number | null;
  readonly user: string;
  readonly password: string;
  /** `sha256:` and the digest of its certificate in hexadecimal; null for one that a known authority has signed. */
  readonly certificate: string | null;
  /** Serial number of the server behind it: another one is never switched. Null: whichever is there. */
  readonly serial: string | null;
}

/** `unknown`: the controller answers and doesn't know, e.g. after its own restart. */
export type PowerState = "on" | "off" | "turning-on" | "turning-off" | "unknown";

export type Health = "ok" | "warning" | "critical" | "unknown";

/** What the next start begins with; `none`: what the firmware's own order says. */
export type BootSource = "none" | "network" | "cd" | "disk";

/** What a controller tells of its server. Texts are empty where it tells nothing. */
export interface PowerFacts {
  readonly manufacturer: string;
  readonly model: string;
  /** All numbers that it may be known by, the usual one first. */
  readonly serials: readonly string[];
  readonly firmware: string;
  /** Of the controller itself. */
  readonly controller: string;
  /** 0 where it isn't told. */
  readonly cpus: number;
  /** Bytes; 0 where it isn't told. */
  readonly memory: number;
  readonly health: Health;
}

export interface PowerStatus {
  readonly power: PowerState;
  readonly health: Health;
  /** How far the start has come, in the controller's words; null where it tells nothing. */
  readonly progress: string | null;
  /** What the next start begins with, where something else than the firmware's order is asked for. */
  readonly boot: BootSource;
}

/** Whether something was to be done. */
export type Switched = "done" | "was so";

/**
 * One server's controller. It is asked one thing at a time, by whomever. What is told holds when the promise is fulfilled: a server that was
 * switched off *is* off, which is what a fence needs.
 *
 * Everything throws {@link PowerError}, and its reason when the signal aborts.
 */
export interface Power {
  readonly server: string;
  status(signal?: AbortSignal): Promise<PowerStatus>;
  facts(signal?: AbortSignal): Promise<PowerFacts>;
  on(signal?: AbortSignal): Promise<Switched>;
  /** @param graceful how long the system may take to shut down before its power is cut; 0 cuts it at once */
  off(graceful: number, signal?: AbortSignal): Promise<Switched>;
  /** What the next start, and that one alone, begins with. */
  bootOnce(source: BootSource, signal?: AbortSignal): Promise<void>;
  /** URL of the image in the virtual drive; null for an empty one. */
  media(signal?: AbortSignal): Promise<string | null>;
  /** Puts an image into the virtual drive, in place of the one in it. @param url http or https, as the controller reaches it */
  insert(url: string, signal?: AbortSignal): Promise<void>;
  /** Empties the virtual drive. */
  eject(signal?: AbortSignal): Promise<Switched>;
  /** Why the server doesn't come up, as far as its controller knows: a sentence each, the likeliest first. */
  causes(signal?: AbortSignal): Promise<readonly string[]>;
  /** Ends what is open; afterwards nothing may be asked. */
  close(): Promise<void>;
}

/** How long things may take. */
export interface PowerTimes {
  /** One request. BMCs take seconds for an answer when they are busy. */
  readonly request: number;
  /** Until a server that was told to is on, or off by a cut. */
  readonly settle: number;
  /** Between two looks. */
  readonly pause: number;
}

export const usualTimes: PowerTimes = { request: 10_000, settle: 60_000, pause: 1_000 };

/**
 * What went wrong. `unreachable`: nobody answers, or nothing sensible. `certificate`: somebody else may answer. `account`: it doesn't let
 * us in. `rights`: it lets us in and not do that, e.g. without a licence. `other-server`: not the one that was meant. `unsupported`: it
 * can't. `failed`: it tried.
 */
export type PowerFailure =
  | "unreachable"
  | "certificate"
  | "account"
  | "rights"
  | "other-server"
  | "unsupported"
  | "failed";

/** One sentence: which server, what its controller said, what to do. */
export class PowerError extends Error {
  readonly failure: PowerFailure;
  constructor(failure: PowerFailure, message: string) {
    super(message);
    this.name = "PowerError";
    this.failure = failure;
  }
}
