import { Progress } from "../toolchain/progress.ts";
import { fillPool } from "./fill.ts";

/* Fills a pool of which one was taken, beside whoever took it: `filler.ts <kind>`. What fails here fails again, and is told, when it is wanted. */

const [, , kind = ""] = process.argv;
const watch = { told: () => undefined };
await fillPool(kind, { progress: new Progress({ write: () => undefined }), watch });
process.exit(0);
