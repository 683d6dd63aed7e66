import type { Power } from "../types.ts";
import type { Driver } from "./driver.ts";

/**
 * Servers without a management controller: nothing switches them on or off, and what runs on each is kept by its own systemd. Standbys
 * are promoted all the same.
 */
export class ServerDriver implements Driver {
  async power(): Promise<Record<string, Power>> {
    return {};
  }

  async perform(): Promise<string | null> {
    return "nothing switches it";
  }
}
