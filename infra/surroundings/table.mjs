// What the commands inherit from where they are started, and what becomes of it. One row for each variable that the launcher, npm, git,
// Docker, Pulumi and Node read; the first that fits a name decides. Plain JavaScript: the launcher needs it on older Nodes too.
// docs/surroundings.md shows it.

import { ofPulumi } from "./pulumi.mjs";

/**
 * @typedef {object} Inherited
 * @property {readonly string[]} names `*` stands for any text
 * @property {"everybody" | "Node" | "npm" | "git" | "Docker" | "Pulumi" | "hotspare"} reader who reads it
 * @property {"passed" | "overruled"} decision `overruled`: it is taken away, or set to what the kit needs, wherever its reader is started
 * @property {boolean} [reported] the person is told, in one line on stderr, when it is set
 * @property {string} reason
 */

/** @type {readonly Inherited[]} */
export const inherited = [
  {
    names: ["HOME"],
    reader: "everybody",
    decision: "passed",
    reason:
      "Where it is missing, is not there or can't be entered, programs get an empty folder of the cache as home: many can't start without one. What must last is never put there.",
  },
  {
    names: ["TMPDIR", "TMP", "TEMP"],
    reader: "everybody",
    decision: "overruled",
    reported: true,
    reason: "Passed on where it is a folder that can be written; elsewhere /tmp serves.",
  },
  {
    names: ["XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"],
    reader: "everybody",
    decision: "passed",
    reason:
      "They say where things are kept. A cache that can't be written gives way to the folder for temporary files.",
  },
  {
    names: ["USER"],
    reader: "everybody",
    decision: "passed",
    reason:
      "Who has a number and no name gets `uid-<number>` where it is not set: Pulumi doesn't start without one.",
  },
  {
    names: ["PATH", "LOGNAME", "SHELL", "SSH_AUTH_SOCK", "TZ", "LANG", "LANGUAGE", "LC_*"],
    reader: "everybody",
    decision: "passed",
    reason:
      "Nothing that is compared or read depends on them: git's words are asked for in English, times are in UTC, order is that of the characters' numbers.",
  },
  {
    names: ["CI", "CI_*", "GITHUB_*", "GITLAB_*", "GH_TOKEN", "RUNNER_*"],
    reader: "hotspare",
    decision: "passed",
    reason: "They name the person, the pull request and the token of `comment`. A review plans without them.",
  },
  {
    names: ["TERM", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "NODE_DISABLE_COLORS"],
    reader: "hotspare",
    decision: "passed",
    reason:
      "They decide about colours and moving lines for people. Documents for programs have neither, and Pulumi is started without FORCE_COLOR, which would colour the port that a plugin tells it.",
  },
  {
    names: ["DEBUG"],
    reader: "hotspare",
    decision: "passed",
    reason: "Shows where an unexpected error comes from, on stderr.",
  },
  {
    names: ["AWS_*", "SSL_CERT_FILE", "SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"],
    reader: "everybody",
    decision: "passed",
    reason:
      "Whom to trust, by which way, as whom. Proxies are for hosts elsewhere: a Docker Engine on a socket is asked directly.",
  },

  {
    names: ["NODE_OPTIONS"],
    reader: "Node",
    decision: "overruled",
    reported: true,
    reason:
      "Passed on is what concerns memory, TLS and the network. The rest is left out: a file to load first, a debugger's port or an option that this Node lacks would act in every process of the kit, print into its documents or stop it.",
  },
  {
    names: ["NODE_PATH", "NODE_PRESERVE_SYMLINKS*", "NODE_REPL_*"],
    reader: "Node",
    decision: "overruled",
    reason: "What is imported is what package-lock.json says, once, from this checkout.",
  },
  {
    names: ["NODE_USE_ENV_PROXY"],
    reader: "Node",
    decision: "overruled",
    reason: "Set: what is fetched goes by the proxies that are named.",
  },
  {
    names: ["NODE_TLS_REJECT_UNAUTHORIZED"],
    reader: "Node",
    decision: "passed",
    reason:
      "Node itself warns of it, at each start. A certificate of your own belongs into NODE_EXTRA_CA_CERTS.",
  },
  {
    names: ["NODE_ENV"],
    reader: "npm",
    decision: "overruled",
    reason: "`production` would leave out the packages that `lint` and `test` need.",
  },
  {
    names: ["NODE_*", "UV_THREADPOOL_SIZE", "SSLKEYLOGFILE"],
    reader: "Node",
    decision: "passed",
    reason: "Certificates, warnings, coverage and debugging output, none of it on stdout.",
  },

  {
    names: settings(
      "omit",
      "include",
      "only",
      "also",
      "dev",
      "production",
      "optional",
      "dry_run",
      "global",
      "location",
    ),
    reader: "npm",
    decision: "overruled",
    reason:
      "What is installed, and where, is what package-lock.json says; so too where an .npmrc says otherwise.",
  },
  {
    names: settings(
      "package_lock",
      "package_lock_only",
      "workspace*",
      "include_workspace_root",
      "json",
      "loglevel",
      "silent",
    ),
    reader: "npm",
    decision: "overruled",
    reason: "The kit has one lock file and no workspaces, and reads what npm says.",
  },
  {
    names: ["npm_config_*", "NPM_CONFIG_*", "npm_*", "INIT_CWD", "NPM_TOKEN"],
    reader: "npm",
    decision: "passed",
    reason:
      "Registry, logins, cache, proxies, whether packages' scripts run. `npm_execpath` names the npm to call.",
  },

  {
    names: [
      ...[
        "DIR",
        "WORK_TREE",
        "IMPLICIT_WORK_TREE",
        "COMMON_DIR",
        "PREFIX",
        "INTERNAL_SUPER_PREFIX",
        "NAMESPACE",
      ],
      ...["INDEX_FILE", "INDEX_VERSION", "OBJECT_DIRECTORY", "ALTERNATE_OBJECT_DIRECTORIES", "SHALLOW_FILE"],
      ...[
        "GRAFT_FILE",
        "REPLACE_REF_BASE",
        "NO_REPLACE_OBJECTS",
        "DEFAULT_HASH",
        "ATTR_SOURCE",
        "REFLOG_ACTION",
      ],
      ...["CONFIG", "CONFIG_PARAMETERS", "CONFIG_COUNT", "CONFIG_KEY_*", "CONFIG_VALUE_*"],
    ].map((name) => `GIT_${name}`),
    reader: "git",
    decision: "overruled",
    reason:
      "Hooks, aliases and `git rebase --exec` say by them where *they* work. A command asks about the project's folder, whoever has started it.",
  },
  {
    names: ["GIT_*_PATHSPECS", "GIT_EXTERNAL_DIFF", "GIT_DIFF_OPTS", "GIT_TRACE*", "GIT_REDIRECT_*"],
    reader: "git",
    decision: "overruled",
    reason: "They change what paths mean, or write beside the answers that are read.",
  },
  {
    names: ["GIT_OPTIONAL_LOCKS", "GIT_TERMINAL_PROMPT"],
    reader: "git",
    decision: "overruled",
    reason: "Set to 0: a look changes nothing, and nobody is asked in the middle of it.",
  },
  {
    names: ["GIT_*"],
    reader: "git",
    decision: "passed",
    reason: "Settings of the person or the machine, and how to reach other repositories.",
  },

  {
    names: ["DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG"],
    reader: "Docker",
    decision: "passed",
    reason:
      "They choose the engine, in the order of the `docker` command. Pulumi's provider gets the one that came of it as DOCKER_HOST, and no DOCKER_CONTEXT, which it would prefer.",
  },
  {
    names: ["DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH", "DOCKER_TLS"],
    reader: "Docker",
    decision: "passed",
    reason: "Certificates are checked in every case, also where DOCKER_TLS alone would trust anybody.",
  },
  {
    names: ["DOCKER_PATH_PREFIX", "DOCKER_CLIENT_TIMEOUT"],
    reader: "Docker",
    decision: "overruled",
    reason:
      "Only the client library reads them; Pulumi's provider would go another way, and long builds would be cut.",
  },
  {
    names: ["DOCKER_*", "BUILDKIT_*", "BUILDX_*", "COMPOSE_*"],
    reader: "Docker",
    decision: "passed",
    reason: "Settings of the `docker` command, which the kit doesn't call.",
  },

  ...ofPulumi,
  {
    names: ["HOTSPARE_*"],
    reader: "hotspare",
    decision: "passed",
    reason: "The kit's own, between its processes and for its tests.",
  },
];

/** npm's settings as variables. npm takes them in any letters, and with either sign between words. @param {string[]} names */
function settings(...names) {
  return names.map((name) => `npm_config_${name}`);
}
