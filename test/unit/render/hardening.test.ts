import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { renderBalancer as renderAwsBalancer } from "../../../components/render/aws/balancer.ts";
import { renderNode as renderAwsNode } from "../../../components/render/aws/node.ts";
import { confined } from "../../../components/render/machine/unit.ts";
import { renderBalancer } from "../../../components/render/metal/balancer.ts";
import { renderNode } from "../../../components/render/metal/node.ts";
import { renderWardenMachine } from "../../../components/render/metal/warden.ts";
import {
  balancers,
  containerNode,
  givenCertificate,
  privateNode,
  sampleNode,
} from "../../support/aws/nodes.ts";
import { metalPlan } from "../../support/metal/stacks.ts";

/*
 * What every unit that the kit can render on a machine with a system of its own may, and may not. A new one that forgets something fails
 * here; what one needs beyond the others stands below with the reason.
 */

interface Exception {
  /** Lines that the unit doesn't have. */
  readonly without: readonly string[];
  readonly why: string;
}

const metadata = "IPAddressDeny=169.254.0.0/16";

/** What `confined` says; which families of addresses a unit needs is its own. */
const ofAll = [
  ...confined.filter((line) => !line.startsWith("RestrictAddressFamilies=")),
  "RestrictAddressFamilies",
];

const exceptions: Readonly<Record<string, Exception>> = {
  "hotspare-agents.service": {
    without: [...ofAll, "CapabilityBoundingSet", "MemoryMax", "TasksMax", metadata],
    why: "installs packages, whose scripts do what they like",
  },
  "hotspare-environment.service": { without: [metadata], why: "asks the metadata who the machine is" },
  "hotspare-certificate.service": {
    without: [metadata],
    why: "reads secrets with the machine's credentials",
  },
  "hotspare-credentials@.service": {
    without: [metadata],
    why: "takes the role of the node's containers with the machine's credentials",
  },
  "hotspare-follower.service": { without: [metadata], why: "asks AWS with the machine's credentials" },
  "hotspare-lifecycle.service": { without: [metadata], why: "asks the metadata where the machine is to go" },
  "hotspare-power.service": { without: [metadata], why: "controllers may have link-local addresses" },
};

const plain = metalPlan({}, { pools: { web: { active: 3 } } });
const contained = metalPlan(
  {},
  { pools: { web: { active: 3, image: { kind: "reference", reference: "acme/api:1.4.2" } } } },
);
const first = <Value>([value]: readonly Value[]): Value => {
  if (value === undefined) throw new Error("the plan has none");
  return value;
};

function ofAws({ plan, group, service }: ReturnType<typeof sampleNode>) {
  return renderAwsNode(plan, group, service).files;
}

function ofAwsBalancers(certificate: object | null) {
  const { plan, group, service } = balancers(certificate);
  return renderAwsBalancer(plan, group, service).files;
}

const machines: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "AWS, sample": ofAws(sampleNode()),
  "AWS, container": ofAws(containerNode()),
  "AWS, private": ofAws(privateNode("ecr")),
  "AWS, balancer": ofAwsBalancers(null),
  "AWS, own certificate": ofAwsBalancers({ kind: "self-signed" }),
  "AWS, given certificate": ofAwsBalancers(givenCertificate),
  "server, balancer": renderBalancer().files,
  "server, sample": renderNode(plain, first(plain.nodes)).files,
  "server, container": renderNode(contained, first(contained.nodes)).files,
  "server, warden": renderWardenMachine(plain, first(plain.wardens), ["redfish", "ipmi"]).files,
};

const units = Object.entries(machines).flatMap(([machine, files]) =>
  Object.entries(files)
    .filter(([path]) => path.endsWith(".service"))
    .map(([path, text]) => ({ machine, name: path.slice(path.lastIndexOf("/") + 1), text })),
);

/** Lines that a unit lacks; a word alone stands for any value of it. */
function lacking(text: string, lines: readonly string[]): string[] {
  const own = text.split("\n");
  return lines.filter((line) =>
    line.includes("=") ? !own.includes(line) : !own.some((other) => other.startsWith(`${line}=`)),
  );
}

const wanted = [...ofAll, "CapabilityBoundingSet", "MemoryMax", "TasksMax", metadata];

describe("units", () => {
  test.each(units)("$machine: $name is confined", ({ name, text }) => {
    // A container is confined by what Docker is told of it.
    if (text.includes("/usr/bin/docker run")) return expectContainer(text);
    const { without = [] } = exceptions[name] ?? {};
    expect(lacking(text, wanted).filter((line) => !without.includes(line))).toEqual([]);
  });

  function expectContainer(text: string) {
    for (const option of ["--cap-drop ALL", "--security-opt no-new-privileges"])
      expect(text).toContain(option);
    expect(text).toMatch(/ --pids-limit [1-9]\d* --memory [1-9]\d* /);
    expect(text).not.toMatch(/--(privileged|cap-add|device|volume|mount|pid|ipc|network|userns)\b/);
  }

  test("are all looked at: whichever the renderers name", () => {
    const folder = join(import.meta.dirname, "../../../components/render");
    const named = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .flatMap((entry) => [
        ...readFileSync(join(entry.parentPath, entry.name), "utf8").matchAll(
          /"(hotspare-[a-z-]+\.service)"/g,
        ),
      ])
      .map(([, name]) => name ?? "");
    const seen = new Set(units.map(({ name }) => name));
    expect(named.length).toBeGreaterThan(7);
    expect([...new Set(named)].filter((name) => !seen.has(name))).toEqual([]);
  });

  test.each(Object.entries(exceptions))("%s lacks what it is excused for", (name, { without }) => {
    const texts = units.filter((unit) => unit.name === name).map(({ text }) => text);
    expect(texts.length).toBeGreaterThan(0);
    for (const text of texts) expect(lacking(text, without)).toEqual(without);
  });
});
