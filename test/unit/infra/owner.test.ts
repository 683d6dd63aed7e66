import { statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { backendUrl, ownerId, personalIdentity } from "../../../infra/owner.ts";
import { temporaryFolder, write } from "../../support/temporary.ts";

const me = () => "an identity";
const nobody = () => {
  throw new Error("a shared backend asks for nobody's identity");
};

describe("the owner", () => {
  test("is eight hexadecimal digits that never change: every label out there has them", () => {
    // printf 's3://state\nhotspare\n' | sha256sum
    expect(ownerId("s3://state", "hotspare", nobody)).toBe("b7c4e0b1");
  });

  test.each(["s3://state", "https://api.pulumi.com", "gs://b", "azblob://b"])(
    "of the shared backend %s is the same for everybody",
    (url) => {
      expect(ownerId(url, "hotspare", nobody)).toBe(ownerId(url, "hotspare", me));
    },
  );

  test.each(["file:///state", "file://~", ""])("of the local backend %j differs between people", (url) => {
    expect(ownerId(url, "hotspare", me)).toBe(ownerId(url, "hotspare", me));
    expect(ownerId(url, "hotspare", me)).not.toBe(ownerId(url, "hotspare", () => "another identity"));
  });

  test("differs between backends and between projects", () => {
    const owners = [
      ownerId("s3://one", "hotspare", nobody),
      ownerId("s3://two", "hotspare", nobody),
      ownerId("s3://one", "another", nobody),
      ownerId("file:///one", "hotspare", me),
      ownerId("file:///two", "hotspare", me),
    ];
    expect(new Set(owners).size).toBe(owners.length);
  });
});

describe("the backend", () => {
  test("is the one of the environment, whoever is logged in elsewhere", () => {
    const home = temporaryFolder();
    write(join(home, "credentials.json"), '{"current":"https://api.pulumi.com"}');
    expect(backendUrl({ PULUMI_BACKEND_URL: "s3://state", PULUMI_HOME: home })).toBe("s3://state");
  });

  test("is the one that was logged in to otherwise", () => {
    const home = temporaryFolder();
    write(join(home, "credentials.json"), '{"current":"https://api.pulumi.com"}');
    expect(backendUrl({ PULUMI_HOME: home })).toBe("https://api.pulumi.com");
  });

  test.each(["{}", "not JSON"])("is none when the credentials say %j", (content) => {
    const home = temporaryFolder();
    write(join(home, "credentials.json"), content);
    expect(backendUrl({ PULUMI_HOME: home })).toBe("");
  });

  test("is none when nobody ever logged in", () => {
    expect(backendUrl({ PULUMI_HOME: temporaryFolder() })).toBe("");
  });
});

describe("a person's identity", () => {
  test("is made on first use, random, and the same ever after", () => {
    const env = { XDG_CONFIG_HOME: temporaryFolder() };
    const identity = personalIdentity(env);
    expect(identity).toMatch(/^[0-9a-f]{32}$/);
    expect(personalIdentity(env)).toBe(identity);
    expect(personalIdentity({ XDG_CONFIG_HOME: temporaryFolder() })).not.toBe(identity);
  });

  test("is readable by nobody else", () => {
    const folder = temporaryFolder();
    personalIdentity({ XDG_CONFIG_HOME: folder });
    expect(statSync(join(folder, "hotspare/identity")).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, "hotspare")).mode & 0o777).toBe(0o700);
  });

  test("may be written down by the person", () => {
    const folder = temporaryFolder();
    write(join(folder, "hotspare/identity"), "  mine\n");
    expect(personalIdentity({ XDG_CONFIG_HOME: folder })).toBe("mine");
  });
});
