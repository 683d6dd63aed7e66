/**
 * An environment file as systemd reads it; variables sorted.
 *
 * @throws Error for a value that systemd would leave out: one with control characters beyond tabs and newlines
 */
export function environmentFile(values: Readonly<Record<string, string>>): string {
  const lines = Object.keys(values)
    .sort()
    // Inside double quotes systemd takes a backslash before these four, and newlines as they are.
    .map(
      (name) =>
        `${variable(name)}="${environmentValue(name, values[name] ?? "").replace(/[\\"$`]/g, "\\$&")}"\n`,
    );
  return lines.join("");
}

function environmentValue(name: string, value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused.
  if (/[\u0000-\u0008\u000b-\u001f\u007f]/.test(value))
    throw new Error(`the value of ${name} has a control character, which systemd doesn't take`);
  return value;
}

/** A name that a service's variable may have. @throws Error for another one */
export function variable(name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    throw new Error(`${JSON.stringify(name)} can't be a variable of a service`);
  return name;
}
