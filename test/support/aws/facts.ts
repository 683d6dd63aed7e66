/*
 * What every stand-in for AWS agrees on: the engine's provider, the API, the machines.
 */

/** Twelve digits that belong to nobody: AWS's own examples use them. */
export const account = "123456789012";

export const region = "eu-central-1";

/** Availability zones of the region. */
export const zones = [`${region}a`, `${region}b`, `${region}c`] as const;

/** What whoever calls the API signs with. */
export const credentials = { accessKeyId: "test", secretAccessKey: "test" } as const;

/** An image that machines may start from, by the API. */
export const machineImage = "ami-0123456789abcdef0";
