import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { exitCodes } from "../../../../scripts/exit.ts";

/* The command `plan` as a person calls it, with nobody's credentials. */

const plan = (...args: string[]) =>
  execa(process.execPath, ["scripts/cli.ts", "plan", ...args], {
    reject: false,
    extendEnv: false,
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
  });

describe("--policy", () => {
  test("prints one policy as IAM takes it, for the owner that is named", async () => {
    const { stdout, exitCode } = await plan("aws-staging", "--policy", "machines", "--owner", "f00d1234");
    expect(exitCode).toBe(exitCodes.ok);
    const { Version, Statement } = JSON.parse(stdout);
    expect(Version).toBe("2012-10-17");
    const roles = Statement.find(({ Sid }: { Sid: string }) => Sid === "PassOwnRoles");
    expect(roles.Resource).toEqual(["arn:aws:iam::*:role/shop-staging-f00d-*"]);
  });

  test("prints all of them under their names", async () => {
    const { stdout } = await plan("aws-production", "--policy");
    expect(Object.keys(JSON.parse(stdout))).toEqual(["network", "machines", "services"]);
  });

  test.each([
    ["a stack elsewhere", ["dev", "--policy"], "is on Docker"],
    [
      "a part that there isn't",
      ["aws-staging", "--policy", "all"],
      "use one of [network, machines, services]",
    ],
  ])("refuses %s", async (_, args, says) => {
    const { stderr, stdout, exitCode } = await plan(...args);
    expect([exitCode, stdout]).toEqual([exitCodes.usage, ""]);
    expect(stderr).toContain(says);
  });
});
