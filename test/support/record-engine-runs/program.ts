import { cases } from "./cases.ts";

/* The Pulumi program of a recording: which case, and which of its programs, comes by environment from the recorder. */

const name = process.env.LAB_CASE;
const found = cases.find((entry) => entry.name === name);
if (found === undefined) throw new Error(`LAB_CASE: there is no case "${name}"; see cases.ts.`);
if (process.env.LAB_PROGRAM === "failing") found.failing?.();
else found.program(process.env.LAB_PROGRAM === "after");
