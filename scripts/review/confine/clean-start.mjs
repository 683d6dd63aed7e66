// What the launcher starts where a stranger's code is looked at. Plain JavaScript: the launcher runs it on older Nodes too.

/** Options with which a review asks the engine, which needs the backend's credentials. */
const askingTheEngine = ["--preview", "--drift", "--save"];

/**
 * Whether a command line runs code that may be a stranger's and needs no credentials itself.
 *
 * @param {readonly string[]} args
 */
export function needsNoSecrets([verb, ...args]) {
  return (
    verb === "review" &&
    !args.some((arg) => askingTheEngine.some((option) => arg === option || arg.startsWith(`${option}=`)))
  );
}

/** Where things are, how to talk to the person, and how to reach a package registry. */
const harmless = [
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|TZ|TMPDIR|TMP|TEMP|CI|DEBUG|LANG|LANGUAGE|LC_\w+|XDG_\w+)$/,
  /^(?:TERM|COLORTERM|NO_COLOR|FORCE_COLOR|CLICOLOR\w*|COLUMNS|LINES)$/,
  /^(?:NODE_COMPILE_CACHE|NODE_USE_ENV_PROXY|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|SSL_CERT_DIR)$/,
  /^(?:HTTPS?|NO|ALL)_PROXY$/i,
  /^npm_config_(?:registry|cache|prefix|cafile)$/i,
];

/**
 * An environment without anything that could be a credential: what is known to be none is kept, and not what looks like one left out.
 *
 * @param {Record<string, string | undefined>} env
 * @returns {Record<string, string>}
 */
export function withoutSecrets(env) {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => {
      const isKept = value !== undefined && harmless.some((pattern) => pattern.test(name));
      // A user and a password in an address.
      return isKept && !/:\/\/[^/]*@/.test(value) ? [[name, value]] : [];
    }),
  );
}
