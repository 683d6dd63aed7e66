import type Docker from "dockerode";
import { execIn } from "../../../../components/platform/docker/exec.ts";
import { docker, exec } from "../../containers.ts";

/** Milliseconds that cloud-init may take to its end. */
const longest = 8 * 60_000;

/** A container that started as a machine does: systemd, cloud-init, and what that made of it. */
export class CloudMachine {
  readonly container: Docker.Container;
  readonly address: string;
  readonly instance: string;
  /** Key of its group. */
  readonly group: string;

  constructor(container: Docker.Container, address: string, instance: string, group: string) {
    this.container = container;
    this.address = address;
    this.instance = instance;
    this.group = group;
  }

  /** Runs a shell's lines on it; gives what they print. @throws when they fail */
  async shell(lines: string): Promise<string> {
    const { exitCode, stdout, stderr } = await exec(this.container, "sh", "-c", lines);
    if (exitCode !== 0) throw new Error(`${this.instance}: ${lines} ended with ${exitCode}: ${stderr}`);
    return stdout;
  }

  /** What cloud-init says at its end: "done" also for commands that failed. Waits for it. */
  async cloudInit(): Promise<{ readonly status: string; readonly errors: readonly string[] }> {
    // Its packages are installed meanwhile, which takes as long as the computer is busy.
    const waited = ["cloud-init", "status", "--wait"];
    const { stdout } = await execIn(docker, this.container.id, waited, { timeout: longest });
    const result = JSON.parse(await this.shell("cat /run/cloud-init/result.json"));
    // A dot for each time that it has asked comes before the answer.
    return { status: /status: \w+/.exec(stdout)?.[0] ?? stdout, errors: result.v1.errors };
  }

  /** What it has said, for a person who looks for the reason of a failure. */
  async said(): Promise<string> {
    const { stdout } = await exec(
      this.container,
      "sh",
      "-c",
      "tail -n 40 /var/log/cloud-init-output.log /var/log/hotspare-bootstrap.log /var/log/hotspare/*.log; systemctl --failed --no-pager",
    );
    return stdout;
  }

  async remove(): Promise<void> {
    await docker.getContainer(this.container.id).remove({ force: true, v: true });
  }
}
