/*
 * Git's hooks, its aliases and `git rebase --exec` tell the commands that they start where *they* work: GIT_DIR, GIT_INDEX_FILE,
 * GIT_WORK_TREE, their own `-c` settings. A command of ours asks about the project's folder, whoever has started it.
 */

/** As `git rev-parse --local-env-vars` lists them, and what changes the meaning of paths or writes beside the answer. */
const inherited =
  /^GIT_(?:DIR|WORK_TREE|INDEX_FILE|INDEX_VERSION|PREFIX|COMMON_DIR|NAMESPACE|CONFIG|CONFIG_PARAMETERS|CONFIG_COUNT|CONFIG_(?:KEY|VALUE)_\d+|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|GRAFT_FILE|REPLACE_REF_BASE|NO_REPLACE_OBJECTS|SHALLOW_FILE|INTERNAL_SUPER_PREFIX|IMPLICIT_WORK_TREE|LITERAL_PATHSPECS|GLOB_PATHSPECS|NOGLOB_PATHSPECS|ICASE_PATHSPECS|EXTERNAL_DIFF|DIFF_OPTS|TRACE\w*|REDIRECT_\w+|ATTR_SOURCE|DEFAULT_HASH|REFLOG_ACTION)$/;

/** An environment in which git finds the repository by the folder that it runs in, asks nobody and writes nothing by the way. */
export function gitEnvironment(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const kept = Object.entries(env).flatMap(([name, value]) =>
    value === undefined || inherited.test(name) ? [] : [[name, value] as const],
  );
  return {
    ...Object.fromEntries(kept),
    // Words that are looked at must be git's own and not a translation.
    LC_ALL: "C",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
  };
}

/** Settings of a person or a repository that would start programs or write into the repository when git is only asked. */
export const quietGit: readonly string[] = [
  "core.fsmonitor=false",
  "core.untrackedCache=false",
  "core.splitIndex=false",
  "core.hooksPath=/dev/null",
].flatMap((setting) => ["-c", setting]);
