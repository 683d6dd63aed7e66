import { type Forecast, harmless } from "../../forecast-types.ts";

/**
 * One client's own requests fail and nobody else's: a broken connection doubts a node only where no other request fares better, an
 * answer that can't be read is an error of that answer (infra/runtime/balancer/lua: verdict, state), and slow connections have room
 * beside those of others.
 */
export const clientFaults: readonly Forecast[] = [
  harmless("poison-url", "one URL breaks the connection of whoever serves it"),
  harmless("large-header", "one answer has a header beyond the buffers"),
  harmless("slow-clients", "one client sends as slowly as it can"),
];
