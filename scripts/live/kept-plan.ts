import { execa } from "execa";
import type { ClusterPlan } from "../../components/plan/types.ts";
import { cliFile } from "../cli-file.ts";

/**
 * A stack's plan, read again when something has changed. In a process of its own: this one has loaded the stack's file, and Node loads
 * none a second time. A file that can't be planned just now leaves the plan as it was.
 */
export class KeptPlan {
  readonly #stack: string;
  #plan: ClusterPlan;
  #reading = false;
  #again = false;

  constructor(stack: string, plan: ClusterPlan) {
    this.#stack = stack;
    this.#plan = plan;
  }

  get plan(): ClusterPlan {
    return this.#plan;
  }

  /** Reads it in the background, once at a time, and calls back when there is another one. */
  renew(changed: () => void = () => {}): void {
    this.#again = this.#reading;
    if (this.#reading) return;
    this.#reading = true;
    void this.#read()
      .then((plan) => {
        if (plan === null || JSON.stringify(plan) === JSON.stringify(this.#plan)) return;
        this.#plan = plan;
        changed();
      })
      .finally(() => {
        this.#reading = false;
        if (this.#again) this.renew(changed);
      });
  }

  async #read(): Promise<ClusterPlan | null> {
    const command = [cliFile, "plan", this.#stack, "--json", "--no-files"];
    const { exitCode, stdout } = await execa(process.execPath, command, { reject: false, stdin: "ignore" });
    try {
      return exitCode === 0 ? (JSON.parse(stdout) as { plan: ClusterPlan }).plan : null;
    } catch {
      return null;
    }
  }
}
