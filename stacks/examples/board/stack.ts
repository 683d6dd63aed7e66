import { defineStack } from "../../../components/model/define.ts";
import { secret } from "../../../components/model/secret.ts";

const image = { kind: "build", context: "stacks/examples/board/app" } as const;
const database = { DATABASE_HOST: "db", DATABASE_PASSWORD: secret("boardPassword") };

/** A plain API with a database, migrations, a queue's workers and a report at times. */
export default defineStack({
  name: "board",
  environment: "development",
  platform: { kind: "docker" },
  balancer: { kind: "nginx", count: 2 },
  accessories: {
    db: {
      image: { kind: "build", context: "stacks/examples/board/postgres" },
      environment: { POSTGRES_USER: "board", POSTGRES_PASSWORD: secret("boardPassword") },
      volumes: { data: { path: "/var/lib/postgresql/data" } },
      ready: { command: ["pg_isready", "--host", "127.0.0.1", "--username", "board"], startup: "2 min" },
      backup: ["pg_dump", "--clean", "--if-exists", "--host", "/tmp", "--username", "board", "postgres"],
      restoration: ["psql", "--host", "/tmp", "--username", "board", "postgres"],
    },
  },
  pools: {
    web: {
      image,
      environment: { ...database, RELEASE: "1" },
      active: 2,
      standby: { hot: 1 },
      // It asks the database.
      health: { interval: "500 ms", timeout: "400 ms" },
      beforeRelease: { command: ["python3", "migrate.py"] },
    },
  },
  workers: {
    counter: {
      kind: "worker",
      image,
      count: 2,
      command: ["python3", "-u", "worker.py"],
      environment: database,
      health: { file: "/tmp/alive", age: "30 s" },
    },
    report: {
      kind: "scheduled",
      image,
      schedule: "*/10 * * * * *",
      command: ["python3", "-u", "report.py"],
      environment: database,
    },
  },
  // A note has an id of the client's own, so it may be sent twice.
  routes: [{ path: "/", pool: "web", idempotent: true }],
});
