import { integer, oneLine } from "../text.ts";

/** A string in nginx's double quotes. A dollar would start a variable, and there is no way to escape it. */
export function nginxString(text: string): string {
  if (oneLine(text).includes("$"))
    throw new Error(`${JSON.stringify(text)} has a "$", which nginx can't take literally`);
  return `"${text.replace(/[\\"]/g, "\\$&")}"`;
}

/** A string literal of Lua. */
export function luaString(text: string): string {
  return `"${oneLine(text).replace(/[\\"]/g, "\\$&")}"`;
}

/** A time span in milliseconds as nginx writes it. */
export function milliseconds(value: number): string {
  return `${integer(Math.round(value))}ms`;
}
