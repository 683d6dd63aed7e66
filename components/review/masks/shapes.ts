import { hidden } from "./hidden.ts";

/**
 * What issuers' tokens look like, from their own documents and from the rules of gitleaks and secretlint. Each begins where a
 * run of its own characters begins and holds no second way to match the same text, so that the time is linear.
 */
const tokens = [
  // AWS: key ids (access, temporary, roles…) and Bedrock keys.
  /(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA|AROA|AIDA)[A-Z2-7]{16}(?![A-Za-z0-9])/,
  /(?<![\w-])gh[pousr]_[A-Za-z0-9]{20,}/,
  /(?<![\w-])github_pat_\w{20,}/,
  /(?<![\w-])gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat|ffct)-[\w-]{16,}(?:\.[\w.-]+)?/,
  /(?<![\w-])xox[a-z](?:\.xox[a-z])?-[\w-]{8,}/,
  /(?<![\w-])xapp-[\w-]{8,}/,
  /(?<=hooks\.slack\.com\/(?:services|workflows|triggers)\/)[\w/+-]{8,}/,
  /(?<=discord(?:app)?\.com\/api\/webhooks\/)[\w/-]{8,}/,
  // Stripe, and others who took over its form.
  /(?<![A-Za-z0-9])(?:sk|rk|pk)_(?:live|test|prod)_[A-Za-z0-9]{10,}/,
  /(?<![\w-])whsec_[A-Za-z0-9+/=]{16,}/,
  // Google: API keys, OAuth tokens and client secrets.
  /(?<![\w-])AIza[\w-]{30,}/,
  /(?<![\w-])ya29\.[\w-]{16,}/,
  /(?<![\w-])GOCSPX-[\w-]{16,}/,
  /(?<![\w-])npm_[A-Za-z0-9]{30,}/,
  /(?<![\w-])pypi-[\w-]{16,}/,
  /(?<![\w-])dckr_(?:pat|oat)_[\w-]{16,}/,
  /(?<![\w-])SG\.[\w-]{16,}\.[\w-]{16,}/,
  /(?<![\w-])sk-(?:ant-|proj-|svcacct-|or-)?[\w-]{20,}/,
  /(?<![\w-])(?:hf|dop_v1|doo_v1|dor_v1|glsa|glc|sbp|nfp|ntn|lin_api|figd|rubygems|pscale_\w{2,6}|shp(?:at|ca|pa|ss)|sntry[su]|sq0\w{3}|tskey-\w{2,8})[_-](?=[\w=+/-]*\d)[\w=+/-]{16,}/,
  /(?<![\w-])(?:hv[sbr]|dp\.\w{2,5})\.[\w-]{16,}/,
  /(?<![\w-])[\w-]{10,20}\.atlasv1\.[\w=-]{40,}/,
  /(?<![\w-])pul-[0-9a-f]{32,}/,
  /(?<![\w-])(?:PMAK|NRAK|HRKU|ATATT3|ATCTT3|AKCp)[A-Za-z0-9_=-]{20,}/,
  /(?<![\w-])dapi[0-9a-f]{32}(?![\w])/,
  /(?<![\w-])SK[0-9a-f]{32}(?![\w])/,
  /(?<![\w-])AGE-SECRET-KEY-1[A-Z0-9]{20,}/,
  // Telegram's bots.
  /(?<![\w-])\d{8,10}:AA[\w-]{30,40}(?![\w-])/,
  // JSON Web Tokens, encrypted ones too.
  /(?<![\w-])eyJ[\w-]{6,}\.[\w-]{2,}(?:\.[\w-]*){0,3}/,
  // Hashes of passwords, as in shadow and htpasswd files, can be guessed at.
  /(?<![\w$])\$(?:[1567y]|2[abxy]|apr1|argon2(?:id?|d)|scrypt|pbkdf2[\w-]{0,12})\$[\w./$=,+-]{16,}/,
  /\{S?SHA(?:256|512)?\}[A-Za-z0-9+/=]{16,}/,
  // What Pulumi encrypts: useless without the key, yet nothing to publish.
  /(?<![\w:])v1:[A-Za-z0-9+/]{16}:[A-Za-z0-9+/=]{16,}/,
];

const anyToken = new RegExp(tokens.map(({ source }) => source).join("|"), "g");

/** Keeps what stands around the secret part. */
const framed: readonly RegExp[] = [
  // Scheme and credentials of an Authorization header, wherever it stands.
  /((?<![\w-])(?:[Bb]earer|BEARER|[Bb]asic|BASIC|Negotiate|ApiKey)\s{1,8})(?=[\w.~+/=-]*(?:[0-9_+/=]|[a-z][A-Z])|[\w.~+/=-]{24})([\w.~+/=-]{8,})/g,
  // Programs' options that carry a password.
  /(\bcurl\s(?:[^|;\n]{0,256}\s)?(?:-u|--user|--proxy-user)[ =]?["']?[^\s:"']{1,128}:)(?!\[hidden\])([^\s"']+)/g,
  /((?:sshpass\s{1,4}-p|redis-cli\s(?:[^|;\n]{0,128}\s)?-a|mysql(?:dump|admin)?\s(?:[^|;\n]{0,128}\s)?-p)\s?["']?)(?!\[hidden\])([^\s"']+)/g,
  /(IDENTIFIED\s{1,4}(?:WITH\s{1,4}\S{1,64}\s{1,4})?BY\s{1,4}["'])(?!\[hidden\])([^"']+)/gi,
  // Erlang's cookie is its password.
  /(-setcookie\s{1,8}["']?)(?!\[hidden\])([^\s"']+)/g,
  // Azure's shared access signatures.
  /([?&]sig=)(?!\[hidden\])([^\s&"'<>]+)/g,
  // Data source names of Go's MySQL driver: user:password@tcp(host).
  /((?<![^\s"'=])[\w.-]{1,64}:)(?!\[hidden\]@)([^\s"']{1,256})(?=@(?:tcp|unix)\()/g,
];

/** Hides tokens by their issuers' shapes, passwords in URLs and credentials of headers and commands. */
export function maskShapes(line: string): string {
  let masked = line.includes("@") ? line.replace(/[^\s"'<>]+/g, maskUrls) : line;
  for (const form of framed) masked = masked.replace(form, (_all, before: string) => `${before}${hidden}`);
  return masked.replace(anyToken, hidden);
}

/** The passwords of all URLs in a word without spaces, and tokens that stand alone in front of a host. */
function maskUrls(word: string): string {
  const [first = "", ...rest] = word.split("://");
  return [first, ...rest.map(maskUserInfo)].join("://");
}

/** What stands in front of a URL's @; up to the last one, since passwords hold @ and slashes where nobody encoded them. */
function maskUserInfo(authority: string): string {
  const at = authority.lastIndexOf("@");
  if (at === -1) return authority;
  const info = authority.slice(0, at);
  const colon = info.indexOf(":");
  // A slash before the colon or a port: what has the @ is the path.
  if (/^[^:]*[/?#]/.test(info) || /^[^:]*:\d{1,5}[/?#]/.test(info)) return authority;
  if (colon === -1) return /^[\w.~-]{20,}$/.test(info) ? `${hidden}${authority.slice(at)}` : authority;
  return `${info.slice(0, colon + 1)}${hidden}${authority.slice(at)}`;
}

/** Fewest characters of base64 that are looked into; shorter ones hold no assignment worth hiding. */
const fewestEncoded = 10;

const encoded = new RegExp(
  `(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/]{${fewestEncoded},}={0,2}(?![A-Za-z0-9+/_-])`,
  "g",
);

/** With the alphabet that is safe in URLs. */
const urlEncoded = new RegExp(
  `(?<![\\w+/-])(?=[A-Za-z0-9]*[_-])[\\w-]{${fewestEncoded},}={0,2}(?![\\w+/-])`,
  "g",
);

/** Credentials of Basic authentication: user and password. */
const userAndPassword = /^[\w.@+-]{2,32}:[!-~]{6,}$/;

/**
 * Hides base64 that holds something to hide, such as a file in cloud-init's user data.
 *
 * @param mask what masks a text
 */
export function maskEncoded(line: string, mask: (text: string) => string): string {
  const masked = (run: string) => {
    const text = decode(run);
    return text !== null && (userAndPassword.test(text) || mask(text) !== text) ? hidden : run;
  };
  return line.replace(encoded, masked).replace(urlEncoded, masked);
}

/** The text that base64 stands for; null when it is no text. */
function decode(run: string): string | null {
  try {
    const plain = run.replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(plain), (character) => character.charCodeAt(0));
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what holds control characters is no text.
    return /[\u0000-\u0008\u000e-\u001f]/.test(text) ? null : text;
  } catch {
    return null;
  }
}
