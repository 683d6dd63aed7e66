/** Stacks with one fault each in what stands beside the pools, or in what a container is given. */
const withPool = (options: object) => ({ pools: { web: { active: 3, ...options } } });

export const workerFaults: Readonly<Record<string, object>> = {
  "worker.name-taken": { workers: { web: { kind: "worker", image: { kind: "sample" } } } },
  "worker.needs-warden": {
    warden: { enabled: false },
    workers: { one: { kind: "singleton", image: { kind: "sample" } } },
  },
  "worker.schedule-misread": {
    workers: { tick: { kind: "scheduled", image: { kind: "sample" }, schedule: "every hour" } },
  },
  "accessory.name-taken": { accessories: { web: { image: { kind: "sample" } } } },
  "container.limit-above-hard": withPool({ ulimits: { nofile: { soft: 4096, hard: 1024 } } }),
  "container.file-is-folder": withPool({
    files: { "/etc/app": { content: { text: "" } }, "/etc/app/app.ini": { content: { text: "" } } },
  }),
  "container.file-hidden": withPool({
    files: { "/data/app.ini": { content: { text: "" } } },
    volumes: { data: { path: "/data" } },
  }),
  "container.memory-too-small": withPool({ tmpfs: { "/cache": "256 MB" } }),
  "container.file-unread": withPool({
    files: { "/etc/app.ini": { content: { file: "no-such-folder/app.ini" } } },
  }),
};
