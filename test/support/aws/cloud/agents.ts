import { awsPlanOf } from "../../../../components/plan/platforms/aws/part.ts";
import type { ClusterPlan } from "../../../../components/plan/types.ts";
import type { CloudMachine } from "./machine.ts";

/**
 * Packages with the names and places of AWS's agents, by the address that they are fetched from. They hold what a machine sees of the
 * real ones: a unit, and a program that notes what it was told.
 */
export async function agentPackages(
  machine: CloudMachine,
  plan: ClusterPlan,
): Promise<readonly (readonly [address: string, content: Buffer])[]> {
  const { region } = awsPlanOf(plan);
  const architecture = (await machine.shell("dpkg --print-architecture")).trim();
  const planned = "amd64";
  const build = async (name: string, files: Readonly<Record<string, string>>, script: string) => {
    const control = `Package: ${name}\nVersion: 1\nArchitecture: ${architecture}\nMaintainer: a test\nDescription: stands for AWS's\n`;
    const all = { ...files, "DEBIAN/control": control, "DEBIAN/postinst": `#!/bin/sh\n${script}\n` };
    const folder = `/tmp/${name}`;
    for (const [path, text] of Object.entries(all))
      await machine.shell(
        `install -D -m 755 /dev/null '${folder}/${path}' && printf %s '${Buffer.from(text).toString("base64")}' | base64 -d > '${folder}/${path}'`,
      );
    const packed = await machine.shell(
      `dpkg-deb --build ${folder} /tmp/${name}.deb >&2; base64 -w0 /tmp/${name}.deb`,
    );
    return Buffer.from(packed, "base64");
  };
  const unit = "[Service]\nExecStart=/bin/sleep infinity\n[Install]\nWantedBy=multi-user.target\n";
  const session = await build(
    "amazon-ssm-agent",
    { "lib/systemd/system/amazon-ssm-agent.service": unit },
    "systemctl daemon-reload && systemctl enable --now amazon-ssm-agent",
  );
  const control = "opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl";
  const note = '#!/bin/sh\nmkdir -p /var/lib/hotspare-test && echo "$@" >> /var/lib/hotspare-test/agent\n';
  const watch = await build("amazon-cloudwatch-agent", { [control]: note }, ":");
  return [
    [
      `s3.${region}.amazonaws.com/amazon-ssm-${region}/latest/debian_${planned}/amazon-ssm-agent.deb`,
      session,
    ],
    [
      `amazoncloudwatch-agent-${region}.s3.${region}.amazonaws.com/debian/${planned}/latest/amazon-cloudwatch-agent.deb`,
      watch,
    ],
  ];
}
