/*
 * What the generator is told and what it tells. It runs in a container that has Node and nothing else, so this folder imports
 * only itself and `node:` modules. One order as JSON in its argument; one JSON array a line on its output.
 */

/** One kind of request. */
export interface Stream {
  /** E.g. `get`, `post-new`. */
  readonly name: string;
  readonly method: "GET" | "POST";
  /** Path and query. */
  readonly path: string;
  /** Part of all requests, as a whole number; the mix is share / sum of shares. */
  readonly share: number;
  /** A new connection for each request, as a new client has; else connections are kept and used again. */
  readonly fresh: boolean;
}

export interface Order {
  /** Prefix of every operation's id, so that nodes' logs of several runs can't be mixed up. */
  readonly run: string;
  readonly host: string;
  readonly port: number;
  /** Whether requests go by TLS. Whose certificate it is isn't looked at: it is made for other names than an address. */
  readonly tls: boolean;
  /** Requests a second. */
  readonly rate: number;
  /** Ends by itself after so many milliseconds, whoever is still there to stop it. */
  readonly most: number;
  readonly streams: readonly Stream[];
  /** Milliseconds that a client waits for an answer. */
  readonly patience: number;
  /** Requests under way at which further ones are recorded as `not-sent`. */
  readonly mostInFlight: number;
  /** Milliseconds between two probes of the address; 0 for none. */
  readonly probeEvery: number;
  /** The plain port of HTTP, which probes ask. */
  readonly probePort: number;
}

/** What slow clients are told. */
export interface DripOrder {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** Half of them stop within their header, half within their body. */
  readonly connections: number;
  /** Milliseconds between two bytes. */
  readonly every: number;
  /** End by themselves after so many milliseconds. */
  readonly most: number;
}

/**
 * `["o", id, stream, due, late, latency, node, outcome, reused]`: an operation that has ended. Times in milliseconds; `due` on
 * the clock of the machine, `late` how long after it the request was sent, `latency` from `due` to the end. `outcome` is
 * `ok`, a status, an error's code, `timeout`, `cut-off` or `not-sent`. `reused` is 1 for a kept connection.
 */
export type OperationLine = ["o", string, string, number, number, number, string | null, string, 0 | 1];

/** `["p", sent, took]`: a probe of the address; `took` in milliseconds, -1 when it was not answered. */
export type ProbeLine = ["p", number, number];

/** `["begin", time]` once, before the first request; `["end", sent, ended]` once, last. */
export type Line = OperationLine | ProbeLine | ["begin", number] | ["end", number, number];

/** What clients that stay are told. */
export interface KeepOrder {
  readonly host: string;
  readonly port: number;
  readonly connections: number;
  /** What is asked over each of them. */
  readonly path: string;
  /** Milliseconds between two questions on one connection. */
  readonly every: number;
  /** Milliseconds of silence after which a connection counts as ended. */
  readonly patience: number;
  /** End by themselves after so many milliseconds. */
  readonly most: number;
}

/**
 * `["dialled", connections]` once all have been asked for; `["ended", time, why]` for each that ended: an error's code, `closed` or
 * `silent`; `["kept", opened, ended]` once, last.
 */
export type KeepLine = ["dialled", number] | ["ended", number, string] | ["kept", number, number];
