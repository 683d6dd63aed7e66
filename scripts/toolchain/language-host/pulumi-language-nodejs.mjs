// @ts-nocheck: the protocol classes come from the project that runs, by a require that no compiler can follow.
// Pulumi's Node language host, for machines that cannot reach Pulumi's download host: the CLI's own one is not served
// by any package registry. The engine starts it in the project's folder as `pulumi-language-nodejs <engine address>`,
// reads the port from the first line, and asks it to run the program. Installed behind a small sh wrapper.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const engineAddress = process.argv.slice(2).findLast((arg) => !arg.startsWith("-")) ?? "";
// The SDK of the project, not of this file's folder: protocol and program must be of one version. Its dependencies
// are looked up from the SDK, since a package manager need not lay them open to the project.
const require = createRequire(createRequire(join(process.cwd(), "package.json")).resolve("@pulumi/pulumi"));
const grpc = require("@grpc/grpc-js");
const { LanguageRuntimeService } = require("@pulumi/pulumi/proto/language_grpc_pb");
const messages = require("@pulumi/pulumi/proto/language_pb");
const { PluginInfo } = require("@pulumi/pulumi/proto/plugin_pb");
const { Empty } = require("google-protobuf/google/protobuf/empty_pb");

const ALREADY_REPORTED = 32; // exit code of @pulumi/pulumi/cmd/run after it has told the user what is wrong
const running = new Set();

/** The project's own Node where it has one: a plain `pulumi up` may meet an older Node on PATH. */
function nodeFor(root) {
  const local = join(root, "node_modules", ".bin", "node");
  return existsSync(local) ? local : process.execPath;
}

/** A child's end in the shape of an exit code: 128 stands for "ended by a signal". */
function execute(file, args, options) {
  const child = spawn(file, args, { stdio: ["ignore", "inherit", "inherit"], ...options });
  running.add(child);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 128));
  }).finally(() => running.delete(child));
}

function programArguments(request) {
  const info = request.getInfo();
  const flags = {
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
    project: request.getProject(),
    stack: request.getStack(),
    organization: request.getOrganization(),
    "root-directory": info.getRootDirectory(),
    pwd: request.getPwd(),
    parallel: request.getParallel(),
  };
  return [
    require.resolve("@pulumi/pulumi/cmd/run"),
    ...Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    info.getEntryPoint() === "." ? info.getProgramDirectory() : info.getEntryPoint(),
    ...request.getArgsList(),
  ];
}

async function run(request) {
  const options = request.getInfo().getOptions()?.toJavaScript() ?? {};
  const code = await execute(nodeFor(request.getInfo().getRootDirectory()), programArguments(request), {
    cwd: request.getPwd(),
    env: {
      ...process.env,
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toArray())),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      PULUMI_NODEJS_TYPESCRIPT: String(options.typescript ?? true),
    },
  });
  const answer = new messages.RunResponse();
  if (code === ALREADY_REPORTED) return answer.setBail(true);
  return code === 0 ? answer : answer.setError(`Program exited with non-zero exit code: ${code}`);
}

async function about() {
  return new messages.AboutResponse().setExecutable(process.execPath).setVersion(process.version);
}

function installDependencies(call) {
  execute("npm", ["ci"], { cwd: call.request.getInfo().getProgramDirectory() }).then(
    (code) => (code === 0 ? call.end() : call.destroy(new Error(`npm ci ended with exit code ${code}`))),
    (error) => call.destroy(error),
  );
}

async function cancel() {
  for (const child of running) child.kill("SIGINT");
  return new Empty();
}

const unary = (handler) => (call, answer) =>
  handler(call.request).then((message) => answer(null, message), answer);

const server = new grpc.Server();
server.addService(LanguageRuntimeService, {
  getPluginInfo: unary(async () => new PluginInfo().setVersion("1.0.0")),
  // None named: the engine finds a plugin on PATH, or fetches it, when the first resource asks for it.
  getRequiredPackages: unary(async () => new messages.GetRequiredPackagesResponse()),
  getRequiredPlugins: unary(async () => new messages.GetRequiredPluginsResponse()),
  run: unary(run),
  about: unary(about),
  cancel: unary(cancel),
  installDependencies,
});
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  console.log(port);
});
