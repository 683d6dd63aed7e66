/** A part of Pulumi's toolchain that can be made from what package registries hold; `provider` is the one for Docker. */
export type Part = "cli" | "provider" | "host";

/** What the engine needs, whatever a stack stands on. */
export const engineParts: readonly Part[] = ["cli", "host"];

/** With the provider for Docker as well. */
export const allParts: readonly Part[] = ["cli", "provider", "host"];
