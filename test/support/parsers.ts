import { isSecret } from "../../components/model/secret.ts";
import type { RenderedMachine } from "../../components/plan/types.ts";
import { execIn } from "../../components/platform/docker/exec.ts";
import { docker, exec, images, put, start } from "./containers.ts";

/*
 * The real parsers over many rendered configurations: one container of the balancer image, one archive, one loop.
 * About 20 ms a machine.
 */

/** A machine's files that a parser refused, and its words. */
export interface Failure {
  readonly name: string;
  readonly output: string;
}

const suite = "parsers";
/** Thousands of machines on a busy one take their time; a little less than the test's own limit. */
const patience = 570_000;

/** One line per refused file: `<number> <tool>: <its words>`. Any output of `keepalived -t` is a failure; of nginx a warning too. */
const loop = `
cd /configs && for d in *; do
  for f in nginx.conf entry.conf; do
    [ -f $d/$f ] || continue
    out=$(nginx -t -q -c /configs/$d/$f 2>&1) && [ -z "$out" ] || echo "$d nginx: $(echo $out | head -c 800)"
  done
  [ -f $d/members.json ] && { out=$(hotspare-check-members $d/members.json 2>&1) || echo "$d members: $(echo $out | head -c 800)"; }
  [ -f $d/keepalived.conf ] && { out=$(keepalived -t -f /configs/$d/keepalived.conf 2>&1); [ $? = 0 ] && [ -z "$out" ] || echo "$d keepalived: $(echo $out | head -c 800)"; }
done; true`;

/** Runs `nginx -t`, `keepalived -t` and the members check over every machine. Empty when all of them pass. */
export async function checkWithRealParsers(
  machines: readonly { readonly name: string; readonly files: RenderedMachine["files"] }[],
): Promise<Failure[]> {
  const { balancer } = await images();
  const container = await start(suite, {
    Image: balancer,
    Cmd: ["sleep", "900"],
    // keepalived looks whether the card is there, so the container needs one.
    HostConfig: { AutoRemove: true, NetworkMode: "bridge" },
  });
  try {
    await exec(container, "sh", "-c", certificate);
    await put(container, "/", await filesOf(machines, container));
    const { stdout } = await execIn(docker, container.id, ["sh", "-c", loop], { timeout: patience });
    return stdout
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => {
        const [number = "", ...rest] = line.split(" ");
        return { name: machines[Number(number)]?.name ?? number, output: rest.join(" ") };
      });
  } finally {
    await container.remove({ force: true });
  }
}

/** What stands in for certificates: nginx reads them, so they must be real. */
const certificate = `mkdir -p /configs /made /var/lib/hotspare/state /var/log/hotspare && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
-nodes -days 1 -subj /CN=test -keyout /made/key -out /made/crt 2>/dev/null
echo '{"schema":1,"revision":"0","pools":{}}' > /var/lib/hotspare/state/members.json`;

async function filesOf(
  machines: readonly { readonly files: RenderedMachine["files"] }[],
  container: Awaited<ReturnType<typeof start>>,
): Promise<Record<string, string>> {
  const [crt, key] = await Promise.all(
    ["crt", "key"].map(async (kind) => (await exec(container, "cat", `/made/${kind}`)).stdout),
  );
  const made = (path: string) => (path.endsWith(".key") ? key : crt) ?? "";
  return Object.fromEntries(
    machines.flatMap(({ files }, index) =>
      files.flatMap(({ path, content }): [string, string][] => {
        const at = (name: string) => `configs/${index}/${name}`;
        if (path === "tls/self-signed.names")
          return [
            [at("tls/self-signed.crt"), made(".crt")],
            [at("tls/self-signed.key"), made(".key")],
          ];
        return [[at(path), isSecret(content) ? made(path) : content]];
      }),
    ),
  );
}
