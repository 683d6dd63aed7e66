// The part of the table that Pulumi reads: what `pulumi about env` lists, and what its Node SDK reads.

/** @type {readonly import("./table.mjs").Inherited[]} */
export const ofPulumi = [
  {
    names: ["PULUMI_OPTION_*"],
    reader: "Pulumi",
    decision: "overruled",
    reported: true,
    reason:
      "Each is an option of some command, e.g. `--target`: then `up` would not do what was reviewed. `./hotspare pulumi` passes them on.",
  },
  {
    names: ["PULUMI_STACK", "PULUMI_RUN_PROGRAM", "PULUMI_ENABLE_STREAMING_JSON_PREVIEW"],
    reader: "Pulumi",
    decision: "overruled",
    reason: "Each command says itself which stack it is about, and how the engine shall answer.",
  },
  {
    names: ["PULUMI_SKIP_CHECKPOINTS", "PULUMI_CONTINUE_ON_ERROR"],
    reader: "Pulumi",
    decision: "overruled",
    reported: true,
    reason: "A run that is killed would lose what it has made, and one whose gate has failed would go on.",
  },
  {
    names: ["PULUMI_IGNORE_AMBIENT_PLUGINS"],
    reader: "Pulumi",
    decision: "overruled",
    reported: true,
    reason: "The plugins that belong to this version of the kit are found on PATH.",
  },
  {
    names: [
      "PULUMI_DISABLE_PROVIDER_PREVIEW",
      "PULUMI_DISABLE_OUTPUT_VALUES",
      "PULUMI_DISABLE_RESOURCE_REFERENCES",
    ],
    reader: "Pulumi",
    decision: "overruled",
    reported: true,
    reason: "Previews would show less than what an `up` does.",
  },
  {
    names: ["PULUMI_ENABLE_LEGACY_*"],
    reader: "Pulumi",
    decision: "overruled",
    reported: true,
    reason: "The kit reads differences as today's engine writes them.",
  },
  {
    names: ["PULUMI_CONFIG", "PULUMI_CONFIG_SECRET_KEYS", "PULUMI_NODEJS_*", "PULUMI_TEST_MODE"],
    reader: "Pulumi",
    decision: "overruled",
    reason: "They are meant for a Pulumi program that has started the command, and not for the kit's own.",
  },
  {
    names: ["PULUMI_EXPERIMENTAL", "PULUMI_DEV", "PULUMI_DISABLE_VALIDATION"],
    reader: "Pulumi",
    decision: "passed",
    reported: true,
    reason: "The engine may behave otherwise than it was tested here.",
  },
  {
    names: ["PULUMI_SKIP_UPDATE_CHECK"],
    reader: "Pulumi",
    decision: "passed",
    reason: "Set where you have not set it: the kit pins its versions.",
  },
  {
    names: ["PULUMI_HOME"],
    reader: "Pulumi",
    decision: "passed",
    reason: "Where there is no home and no login, Pulumi keeps its plugins in the cache.",
  },
  {
    names: ["PULUMI_*"],
    reader: "Pulumi",
    decision: "passed",
    reason: "Logins, the backend, the passphrase, mirrors, logs and speed are yours to say.",
  },
];
