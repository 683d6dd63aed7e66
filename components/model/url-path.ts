/**
 * A route's path as a balancer compares it with a request's: decoded, with several slashes as one. Null when there is no
 * such path: an escape that is none or no UTF-8, a control character, a "$" (nginx can't write it down), or a `.` or `..`
 * between slashes, which no request has left when it is compared.
 */
export function comparedPath(path: string): string | null {
  const decoded = decode(path)?.replace(/\/{2,}/g, "/") ?? null;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused.
  return decoded === null || /[\u0000-\u001f\u007f$]|\/\.{1,2}(\/|$)/.test(decoded) ? null : decoded;
}

function decode(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
