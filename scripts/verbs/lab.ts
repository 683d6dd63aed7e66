import type { Command } from "commander";
import { labDown, labPower, labUp } from "../lab/lab.ts";
import { printJson, say } from "../terminal.ts";
import { Progress } from "../toolchain/progress.ts";

interface LabOptions {
  readonly json?: boolean;
}

export function registerLab(program: Command): void {
  const lab = program
    .command("lab")
    .description("Emulated servers on this machine, to try stacks on hardware: `up` and `down`.");
  lab
    .command("up")
    .description("Start four servers with their management controllers; the stack `metal` stands on them.")
    .option("--json", "print one JSON document")
    .action(async ({ json }: LabOptions) => {
      const servers = await labUp(new Progress());
      if (json) printJson({ servers });
      else {
        for (const { name, address } of servers) say(`${name}  ${address}`);
        say("Next: ./hotspare up metal");
      }
    });
  lab
    .command("down")
    .description("Remove them all.")
    .action(async () => {
      const number = await labDown(new Progress());
      say(number === 0 ? "There was no lab." : `Removed ${number} servers of the lab.`);
    });
  lab
    .command("off")
    .description("Cut a server's power.")
    .argument("<server>", "name of the server")
    .action((server: string) => labPower(new Progress(), server, false));
  lab
    .command("on")
    .description("Give it power again.")
    .argument("<server>", "name of the server")
    .action((server: string) => labPower(new Progress(), server, true));
}
