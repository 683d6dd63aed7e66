/** What the engine hands the provider of servers, in tests: a secret as its protocol has it, a server by SSH, whose it is. */

export const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

export const ssh = {
  name: "s1",
  host: "192.0.2.11",
  port: 22,
  user: "admin",
  jump: null,
  hostKey: "ssh-ed25519 AAAA",
  identity: null,
};

export const mark = { owner: "0123abcd", stack: "shop" };
