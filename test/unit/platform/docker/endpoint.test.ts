import { createHash } from "node:crypto";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  dockerClient,
  pointDocker,
  resolveDockerHost,
} from "../../../../components/platform/docker/endpoint.ts";
import { temporaryFolder, write } from "../../../support/temporary.ts";

function homeWithContext(name: string, host: string): string {
  const home = temporaryFolder();
  const id = createHash("sha256").update(name).digest("hex");
  const meta = { Name: name, Endpoints: { docker: { Host: host } } };
  write(join(home, `.docker/contexts/meta/${id}/meta.json`), JSON.stringify(meta));
  write(join(home, ".docker/config.json"), JSON.stringify({ currentContext: name }));
  return home;
}

describe("the Docker endpoint", () => {
  test("DOCKER_HOST wins over the current context", () => {
    const home = homeWithContext("colima", "unix:///home/me/.colima/docker.sock");
    expect(resolveDockerHost({ DOCKER_HOST: "tcp://10.0.0.1:2375" }, home)).toBe("tcp://10.0.0.1:2375");
    expect(resolveDockerHost({}, home)).toBe("unix:///home/me/.colima/docker.sock");
  });

  test("DOCKER_CONTEXT wins over the configured context; default means the sockets", () => {
    const home = homeWithContext("colima", "unix:///colima.sock");
    expect(resolveDockerHost({ DOCKER_CONTEXT: "default" }, home)).toMatch(/^unix:\/\/.*docker\.sock$/);
    expect(() => resolveDockerHost({ DOCKER_CONTEXT: "gone" }, home)).toThrow(
      'context "gone" does not exist',
    );
  });

  test("a home without Docker falls back to the system's socket", () => {
    expect(resolveDockerHost({}, temporaryFolder())).toBe("unix:///var/run/docker.sock");
  });

  test("who has no home has the system's socket, and a context where DOCKER_CONFIG says", () => {
    expect(resolveDockerHost({ DOCKER_CONFIG: "" }, null)).toBe("unix:///var/run/docker.sock");
    const home = homeWithContext("colima", "unix:///colima.sock");
    expect(resolveDockerHost({ DOCKER_CONFIG: join(home, ".docker") }, null)).toBe("unix:///colima.sock");
  });

  test("settings that can't be read are named", () => {
    const home = temporaryFolder();
    const file = write(join(home, ".docker/config.json"), "{");
    expect(() => resolveDockerHost({}, home)).toThrow(`${file} can't be read: `);
    expect(() => resolveDockerHost({}, home)).toThrow("name the engine by DOCKER_HOST");
  });

  test("TLS without certificates is a sentence, also where DOCKER_TLS alone asks for it", () => {
    for (const variable of ["DOCKER_TLS_VERIFY", "DOCKER_TLS"])
      expect(() =>
        dockerClient("tcp://10.0.0.1:2376", { [variable]: "1", DOCKER_CERT_PATH: "/none" }),
      ).toThrow(/by TLS, and \/none has no ca\.pem; set DOCKER_CERT_PATH/);
    expect(() => dockerClient("https://10.0.0.1", {})).toThrow("there is no home to have ca.pem");
  });

  test("Pulumi's provider is told the engine, and no context that it would prefer", () => {
    const env: Record<string, string | undefined> = { DOCKER_CONTEXT: "colima", PATH: "/bin" };
    pointDocker(env, "unix:///colima.sock");
    expect(env).toEqual({ DOCKER_HOST: "unix:///colima.sock", PATH: "/bin" });
  });

  test("each kind of endpoint has a client, an unknown one says so", () => {
    const modem = (host: string) => dockerClient(host, {}).modem as unknown as Record<string, unknown>;
    expect(modem("unix:///run/x.sock").socketPath).toBe("/run/x.sock");
    expect(modem("tcp://10.0.0.1")).toMatchObject({ host: "10.0.0.1", port: 2375, protocol: "http" });
    expect(modem("ssh://me@box")).toMatchObject({ host: "box", port: 22, username: "me" });
    expect(() => dockerClient("npipe:////./pipe/docker_engine")).toThrow("not supported");
  });
});
