/**
 * What a record holds under a name; undefined too for names that every object has: a pool may be called `constructor`. The library's
 * own (components/model/own.ts) isn't in the warden's image, which has nothing but this folder.
 */
export function own<T>(record: Readonly<Record<string, T>> | null | undefined, name: string): T | undefined {
  return record && Object.hasOwn(record, name) ? record[name] : undefined;
}
