import { after, now } from "../../scripts/ephemeral/clock.ts";
import { type EphemeralRecord, recordSchema } from "../../scripts/ephemeral/record.ts";
import { claimName, save } from "../../scripts/ephemeral/store.ts";

/** A cluster as the store has it: there for a minute, on an engine that doesn't answer. */
export function stand(name: string, fields: Partial<EphemeralRecord> = {}): EphemeralRecord {
  claimName(name);
  const record: EphemeralRecord = {
    schema: recordSchema,
    name,
    platform: "docker",
    place: { address: "unix:///nowhere", id: "A:B", variables: {} },
    stack: "demo",
    owner: `0000${name}`,
    subnet: "10.64.0.0/22",
    ports: [],
    created: new Date().toISOString(),
    expires: after(60_000, now()),
    starter: null,
    holder: null,
    pooled: null,
    state: "ready",
    url: null,
    ...fields,
  };
  save(record);
  return record;
}
