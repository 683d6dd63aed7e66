import { defineStack } from "../components/model/define.ts";

const identity = "~/.cache/hotspare/lab/id_ed25519";

/** Three servers of the lab (`./hotspare lab up`), each in a rack of its own; servers of yours look no different. */
export default defineStack({
  name: "metal",
  environment: "development",
  platform: {
    kind: "metal",
    servers: {
      "lab-a": {
        ssh: {
          host: "10.78.60.11",
          user: "admin",
          hostKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKt7I+sxYdMAhkIxCeLIS4hJ1M3WDUBMRyPfd3KFHrti",
          identity,
        },
        address: "10.78.60.11",
        rack: "a",
      },
      "lab-b": {
        ssh: {
          host: "10.78.60.12",
          user: "admin",
          hostKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICdsZrIPlEJFU76IHTbg9/F61SEpSlvMRFqe5gQ5f34a",
          identity,
        },
        address: "10.78.60.12",
        rack: "b",
      },
      "lab-c": {
        ssh: {
          host: "10.78.60.13",
          user: "admin",
          hostKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGuKpe7OCI0OodfSTpn8+v5r7SB6rtylz1dNsPIX90+p",
          identity,
        },
        address: "10.78.60.13",
        rack: "c",
      },
    },
  },
  network: { subnet: "10.78.60.0/24", virtualAddress: "10.78.60.10" },
  pools: { web: { active: 3 } },
});
