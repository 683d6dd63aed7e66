import { at, type Json, listOf, objectOf, textOf } from "./json.ts";

/* A controller's own words for what it refuses. */

/** What an error's text says when the reason is elsewhere in the answer. */
const saysNothing = /see @Message\.ExtendedInfo|see ExtendedInfo|general error has occurred/i;

/** The ids of its messages, e.g. `Base.1.8.ActionNotSupported`. */
export function messageIds(body: Json): readonly string[] {
  return extended(body).map((info) => textOf(info.MessageId) || textOf(info.MessageID));
}

/** Its words in one line; empty when it has none. */
export function controllerWords(body: Json): string {
  const told = extended(body)
    .map((info) => textOf(info.Message) || spelled(info))
    .filter((text) => text !== "" && !saysNothing.test(text));
  const general = textOf(at(body, "error", "message"));
  const all = told.length > 0 ? told : saysNothing.test(general) ? [] : [general];
  return [...new Set(all)].join(" ").replace(/\s+/g, " ").slice(0, 400).trim();
}

/** Messages below `error`, as the schema has it, or beside it, as others have it. */
function extended(body: Json): readonly Json[] {
  const found = [at(body, "error", "@Message.ExtendedInfo"), body["@Message.ExtendedInfo"]].flatMap(listOf);
  return found.map(objectOf);
}

/** HPE's controllers leave the text to a registry: `iLO.2.14.LicenseKeyRequired` is words enough. */
function spelled({ MessageId, MessageArgs }: Json): string {
  const name = textOf(MessageId).split(".").at(-1) ?? "";
  const words = name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  const about = listOf(MessageArgs).map(String).join(", ");
  return about === "" ? words : `${words} (${about})`;
}
