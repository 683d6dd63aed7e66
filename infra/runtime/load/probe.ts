import { connect } from "node:net";
import { now } from "./client.ts";
import type { ProbeLine } from "./protocol.ts";

/** Longest wait for a probe's answer: one that is lost must not stand in for the ones after it. */
const patience = 250;

/**
 * Asks whoever holds the address whether an nginx lives there, by a method that nginx refuses by itself (TRACE: 405), so that
 * no node and no node's illness is in the answer. A new connection each, as the first packet of a new client.
 */
export function probe(host: string, port: number, tell: (line: ProbeLine) => void): void {
  const sent = now();
  const socket = connect({ host, port });
  let ended = false;
  const end = (answered: boolean) => {
    if (ended) return;
    ended = true;
    clearTimeout(timer);
    socket.destroy();
    tell(["p", Math.round(sent * 10) / 10, answered ? Math.round((now() - sent) * 10) / 10 : -1]);
  };
  const timer = setTimeout(() => end(false), patience);
  socket.on("connect", () => socket.write("TRACE / HTTP/1.0\r\nHost: probe\r\n\r\n"));
  socket.on("data", () => end(true));
  socket.on("error", () => end(false));
  socket.on("close", () => end(false));
}
