/** An IPv4 network: its first address as a number, and the length of its prefix. */
export interface Subnet {
  readonly base: number;
  readonly prefix: number;
}

/** The number of an IPv4 address, or null when `text` is none (leading zeros are refused: they read as octal elsewhere). */
export function parseAddress(text: string): number | null {
  const parts = text.split(".");
  if (parts.length !== 4 || parts.some((part) => !/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255))
    return null;
  return parts.reduce((number, part) => number * 256 + Number(part), 0);
}

/** The dotted form of an address number. */
export function formatAddress(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
}

/** The network of a CIDR such as `10.77.0.0/22`, or null when `text` is none or has host bits set. */
export function parseSubnet(text: string): Subnet | null {
  const [address, length, ...rest] = text.split("/");
  const base = parseAddress(address ?? "");
  if (base === null || rest.length > 0 || !/^(0|[1-9]\d?)$/.test(length ?? "")) return null;
  const prefix = Number(length);
  if (prefix > 32 || base % 2 ** (32 - prefix) !== 0) return null;
  return { base, prefix };
}

/** The CIDR form of a network. */
export function formatSubnet(subnet: Subnet): string {
  return `${formatAddress(subnet.base)}/${subnet.prefix}`;
}

/** How many addresses a network has, its first and last included. */
export function subnetSize(subnet: Subnet): number {
  return 2 ** (32 - subnet.prefix);
}

/** Whether an address number lies in a network. */
export function contains(subnet: Subnet, address: number): boolean {
  return address >= subnet.base && address < subnet.base + subnetSize(subnet);
}
