// A body of HTTP/2 that doesn't say its length, a byte a second: run by Node in a container, told by one JSON argument. Prints the
// status (0: none) and the seconds until it or the end came, as JSON.

import { connect } from "node:http2";

const { origin, path, method }: { origin: string; path: string; method: string } = JSON.parse(
  process.argv[2] ?? "{}",
);
const begun = performance.now();
const session = connect(origin, { rejectUnauthorized: false });
session.on("error", () => {});
const stream = session.request({ ":path": path, ":method": method }, { endStream: false });
const drip = setInterval(() => stream.write("x"), 1000);
const status = await new Promise<number>((resolve) => {
  stream.on("response", (headers) => resolve(headers[":status"] ?? 0));
  stream.on("error", () => resolve(0));
  stream.on("close", () => resolve(0));
});
clearInterval(drip);
const seconds = (performance.now() - begun) / 1000;
process.stdout.write(`${JSON.stringify({ status, seconds })}\n`, () => process.exit(0));
