// Bytes sent to a server as they are, each on a connection of its own and all at once: run by Node in a container, told by one JSON
// argument. Prints what came of each, as one JSON array.

import { connect } from "node:net";

export interface Raw {
  /** A character for each byte. */
  readonly send: string;
  /** Milliseconds of silence after which it is taken as answered. */
  readonly wait?: number;
}

const { host, port, all }: { host: string; port: number; all: Raw[] } = JSON.parse(process.argv[2] ?? "{}");

/** What came, with `[END]` where the server ended the connection. */
function one({ send, wait = 3000 }: Raw): Promise<string> {
  return new Promise((resolve) => {
    let got = "";
    const socket = connect(port, host, () => socket.write(send, "latin1"));
    socket.setEncoding("latin1");
    socket.setTimeout(wait, () => socket.destroy());
    socket.on("data", (text) => {
      got += text;
    });
    socket.on("error", () => {});
    socket.on("end", () => {
      got += "[END]";
    });
    socket.on("close", () => resolve(got));
  });
}

process.stdout.write(`${JSON.stringify(await Promise.all(all.map(one)))}\n`, () => process.exit(0));
