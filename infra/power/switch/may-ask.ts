import { createHash, timingSafeEqual } from "node:crypto";

const digest = (text: string) => createHash("sha256").update(text).digest();

/** Whether who asks has shown the warden's password, which takes as long to tell however wrong it is. */
export function mayAsk(authorization: string | undefined, password: string): boolean {
  return password !== "" && timingSafeEqual(digest(authorization ?? ""), digest(`Bearer ${password}`));
}
