import { expect, test } from "vitest";
import { renderNode } from "../../../../components/render/metal/node.ts";
import { metalPlan } from "../../../support/metal/stacks.ts";

const unit = "/etc/systemd/system/hotspare-node.service";
const planned = (pool: object) => metalPlan({}, { pools: { api: { active: 3, ...pool } } });
const rendered = (pool: object) => {
  const plan = planned(pool);
  const [node] = plan.nodes;
  if (node === undefined) throw new Error("no node");
  return renderNode(plan, node);
};

test("a plain service is a unit of the server that runs its command as an account of its own", () => {
  const { packages, files } = rendered({
    image: { kind: "service", packages: ["python3"] },
    command: ["/usr/bin/python3", "-c", 'print("100 % of $HOME \\ more")'],
    environment: { COLOUR: "red" },
  });
  expect(packages).toEqual(["logrotate", "python3"]);
  const text = String(files[unit]);
  // systemd would take `%` and `$` for its own.
  expect(text).toContain(String.raw`ExecStart="/usr/bin/python3" "-c" "print(\"100 %% of $$HOME \\ more\")"`);
  for (const line of ["DynamicUser=yes", "ProtectSystem=strict", "StateDirectory=hotspare-node"])
    expect(text).toContain(`\n${line}\n`);
  expect(files["/etc/hotspare/node.env"]).toContain('COLOUR="red"');
});

test("an argument of several lines stays one argument of one line of the unit", () => {
  const { files } = rendered({
    image: { kind: "service", packages: ["python3"] },
    command: ["/usr/bin/python3", "-c", "import os\nprint('\\n')\r\nUser=root"],
  });
  // systemd.syntax(7): inside double quotes these escapes are undone.
  const line = String.raw`ExecStart="/usr/bin/python3" "-c" "import os\nprint('\\n')\r\nUser=root"`;
  expect(String(files[unit]).split("\n")).toContain(line);
});

test("an image that is built here runs by the name that it is sent by, and is never looked for elsewhere", () => {
  const plan = planned({ image: { kind: "build", context: "infra/runtime/node" } });
  const [node] = plan.nodes;
  if (node === undefined) throw new Error("no node");
  const { files, packages } = renderNode(plan, node);
  expect(packages).toEqual(["docker.io", "logrotate"]);
  expect(files[unit]).toContain(`--pull never`);
  expect(files[unit]).toMatch(new RegExp(`docker run .* ${node.image}\n`));
  expect(rendered({ image: { kind: "reference", reference: "acme/api:1" } }).files[unit]).not.toContain(
    "--pull",
  );
});
