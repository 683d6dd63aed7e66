import { readFileSync } from "node:fs";
import { buffer } from "node:stream/consumers";
import { openPower } from "../../../infra/power/open.ts";
import { controllerCertificate } from "../../../scripts/lab/controller/certificate.ts";
import { controllerAddress, controllerPort, labAccount } from "../../../scripts/lab/controllers.ts";
import { labServers } from "../../../scripts/lab/lab.ts";
import { docker, exec } from "../containers.ts";

/* The lab's servers as tests look into them and break them: by the Docker Engine that has them, and at their controllers. */

/** What a server is like: files, units, users, addresses; not what processes, systemd and sudo itself write. */
export async function stateOf(server: string): Promise<string> {
  const lines = `
    find / -xdev \\( -path /proc -o -path /sys -o -path /run -o -path /tmp -o -path /var/log/journal -o -path /var/lib/systemd \\
      -o -path /var/lib/private -o -path /var/cache/private -o -path /var/log/private \\
      -o -name .sudo_as_admin_successful \\) -prune -o -printf '%p %y %m %u %s\n' \\
      | grep -v '^/[^ ]* d ' | sort
    ip -4 -oneline address show | awk '{ print $2, $4 }'
    getent passwd
    systemctl list-unit-files --no-legend | sort
    sysctl net.ipv4.conf.all.arp_ignore net.ipv4.conf.all.arp_announce`;
  return on(server, lines);
}

/** What a shell prints there. @throws Error when it fails */
export async function on(server: string, lines: string): Promise<string> {
  const { exitCode, stdout, stderr } = await exec(
    docker.getContainer(`hotspare-${server}`),
    "sh",
    "-c",
    lines,
  );
  if (exitCode !== 0) throw new Error(`${server}: ${lines} ended with ${exitCode}: ${stderr}`);
  return stdout;
}

/** Whether it has power. */
export const isOn = async (server: string) =>
  (await docker.getContainer(`hotspare-${server}`).inspect()).State.Running;

/** A file of a server that may be off. */
export async function fileOf(server: string, path: string): Promise<string> {
  const stream = await docker.getContainer(`hotspare-${server}`).getArchive({ path });
  return (await buffer(stream)).toString("utf8");
}

/** Cuts a server's power at its management controller, as a person does at its web page. */
export async function cutPower(server: string): Promise<void> {
  const [user = "", password = ""] = readFileSync(labAccount(), "utf8").trim().split(":");
  const power = openPower({
    ...{ server, kind: "redfish", host: controllerAddress, serial: null, user, password },
    port: controllerPort(labServers.findIndex(({ name }) => name === server)),
    certificate: controllerCertificate(server).digest,
  });
  await power.off(0);
  await power.close();
}
