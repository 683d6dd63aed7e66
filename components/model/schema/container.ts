import { z } from "zod";
import { secretReference, size } from "./common.ts";

/*
 * What a container is given beside its image: the same for nodes of pools and for accessories.
 */

/** Linux's capabilities (capabilities(7), kernel 6.12), without `CAP_`. */
export const capabilityNames = [
  "AUDIT_CONTROL",
  "AUDIT_READ",
  "AUDIT_WRITE",
  "BLOCK_SUSPEND",
  "BPF",
  "CHECKPOINT_RESTORE",
  "CHOWN",
  "DAC_OVERRIDE",
  "DAC_READ_SEARCH",
  "FOWNER",
  "FSETID",
  "IPC_LOCK",
  "IPC_OWNER",
  "KILL",
  "LEASE",
  "LINUX_IMMUTABLE",
  "MAC_ADMIN",
  "MAC_OVERRIDE",
  "MKNOD",
  "NET_ADMIN",
  "NET_BIND_SERVICE",
  "NET_BROADCAST",
  "NET_RAW",
  "PERFMON",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYSLOG",
  "SYS_ADMIN",
  "SYS_BOOT",
  "SYS_CHROOT",
  "SYS_MODULE",
  "SYS_NICE",
  "SYS_PACCT",
  "SYS_PTRACE",
  "SYS_RAWIO",
  "SYS_RESOURCE",
  "SYS_TIME",
  "SYS_TTY_CONFIG",
  "WAKE_ALARM",
] as const;

/** Limits of processes that Docker knows (setrlimit(2)). */
const limitNames = [
  "core",
  "cpu",
  "data",
  "fsize",
  "locks",
  "memlock",
  "msgqueue",
  "nice",
  "nofile",
  "nproc",
  "rss",
  "rtprio",
  "rttime",
  "sigpending",
  "stack",
] as const;

/** A path in a container: absolute, without `.`, `..`, empty parts, or what Docker's own syntax reads as something else. */
export const containerPath = z
  .string()
  .max(200)
  .regex(/^(\/(?!\.{1,2}(\/|$))[A-Za-z0-9._@%+=~-]+)+$/, {
    error: (issue) =>
      `${JSON.stringify(issue.input)} is not a path in a container (starts with "/", no "..", no spaces, colons or commas)`,
  })
  .meta({ what: "path in the container", range: "up to 200 characters" });

const word = z
  .string()
  .max(10_000)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: NUL ends an argument, so none can hold it.
  .regex(/^[^\u0000]*$/);

/** A file of the project, so that a review of any revision has it. */
const projectFile = z
  .string()
  .max(200)
  .regex(/^(?!\/)(?!(.*\/)?\.\.(\/|$))[^\\\p{Cc}\u2028\u2029]+$/su, {
    error: (issue) =>
      `${JSON.stringify(issue.input)} is not a path in the project (relative, with "/", no "..", no control characters)`,
  })
  .meta({ what: "path in the project", range: "up to 200 characters" });

const file = z.strictObject({
  content: z
    .union([
      z.strictObject({ file: projectFile }).describe("A file of the project; at most 256 KB."),
      z.strictObject({ text: z.string().max(256 * 1024) }).describe("The text itself."),
      secretReference,
    ])
    .meta({ what: '`{ file: "conf/app.ini" }`, `{ text: "…" }` or secret: `secret("name")`' })
    .describe("What is in it."),
  owner: z
    .string()
    .regex(/^[0-9]{1,9}(:[0-9]{1,9})?$/)
    .default("0:0")
    .describe("Account and group by number; without a group the one of the same number."),
  mode: z
    .string()
    .regex(/^0[0-7]{3}$/)
    .default("0644")
    .describe("Who may do what with it, e.g. `0400`."),
});

/** On the platform it ends a name of words with hyphens: with one of its own, `db` and `a-b` would be `db-a` and `b`. */
const volumeName = z
  .string()
  .regex(/^[a-z][a-z0-9]*$/, {
    error: (issue) =>
      `${JSON.stringify(issue.input)} is not a name of lower-case letters and digits, without hyphens, that starts with a letter`,
  })
  .max(16)
  .meta({ what: "name", range: "up to 16 lower-case letters and digits" });

const volume = z.strictObject({
  path: containerPath.describe("Where it is in the container."),
  shared: z
    .boolean()
    .default(false)
    .describe("Whether all nodes have one and the same; else each has its own."),
});

const limit = z
  .int()
  .min(-1)
  .max(2 ** 53 - 1);

/** The container's own options; a pool's or an accessory's schema has them among its own. */
export const containerOptions = {
  command: z
    .array(word)
    .min(1)
    .max(200)
    .nullable()
    .default(null)
    .describe(
      "Program and arguments in place of the image's own (its CMD; an ENTRYPOINT stays); `null` for those.",
    ),
  user: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*(:[A-Za-z0-9_][A-Za-z0-9_.-]*)?$/)
    .max(65)
    .nullable()
    .default(null)
    .describe("Account, or account and group (`33:33`), in place of the image's own; `null` for that one."),
  environmentFiles: z
    .array(projectFile)
    .max(20)
    .default([])
    .describe(
      "Files of the project with environment variables, `NAME=value` a line; of one name the last file's counts, and `environment` before all. No secrets: they stand in the repository.",
    ),
  files: z
    .record(containerPath, file)
    .default({})
    .describe("Files that the container gets before it starts, by path. Another content is a release."),
  volumes: z
    .record(volumeName, volume)
    .default({})
    .describe("Folders whose data stay, by name: over releases, and over `down` unless it says `--volumes`."),
  tmpfs: z
    .record(containerPath, size("64 KB", "64 GB"))
    .default({})
    .describe(
      'Folders in memory by path, e.g. `{ "/var/cache/app": "64 MB" }`: empty at each start, and part of `memory`.',
    ),
  capabilities: z
    .array(z.enum(capabilityNames))
    .max(capabilityNames.length)
    .default([])
    .describe("Linux capabilities beyond none, e.g. `NET_BIND_SERVICE`. A review calls each a risk."),
  shm: size("64 KB", "64 GB")
    .nullable()
    .prefault(null)
    .describe("Size of `/dev/shm`; `null` for the platform's own (64 MB on Docker). Part of `memory`."),
  ulimits: z
    .partialRecord(
      z.enum(limitNames),
      z
        .union([limit, z.strictObject({ soft: limit, hard: limit })])
        .transform((value) => (typeof value === "number" ? { soft: value, hard: value } : value)),
    )
    .default({})
    .describe("Limits of processes, e.g. `{ nofile: 65536 }` or with `soft` and `hard`; -1 for none."),
};
