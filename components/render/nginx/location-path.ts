/**
 * The path as nginx compares it: decoded, with several slashes as one.
 *
 * @throws Error when the decoded path can't be written down.
 */
export function locationPath(path: string): string {
  return decodeURIComponent(path).replace(/\/{2,}/g, "/");
}
