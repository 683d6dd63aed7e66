import { chmodSync, rmSync } from "node:fs";
import { filter } from "./filter.ts";

/*
 * The process between the wardens and the Docker socket. Environment: HOTSPARE_OWNER and HOTSPARE_STACK, whose containers
 * may be seen and switched.
 */

const dockerSocket = "/run/docker.sock";
const offered = "/run/filter/docker.sock";

const { HOTSPARE_OWNER: owner = "", HOTSPARE_STACK: stack = "" } = process.env;
if (owner === "" || stack === "") {
  process.stderr.write("HOTSPARE_OWNER and HOTSPARE_STACK must say whose containers may be switched\n");
  process.exit(2);
}

const log = (line: object) =>
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...line })}\n`);
// What a killed container left.
rmSync(offered, { force: true });
const server = filter(dockerSocket, { owner, stack }, log).listen(offered, () => {
  // The folder lets in the wardens' group only.
  chmodSync(offered, 0o666);
  log({ event: "begin", owner, stack });
});
server.on("error", (error) => {
  process.stderr.write(`the filter's socket: ${error.message}\n`);
  process.exit(1);
});
process.on("SIGTERM", () => process.exit(0));
