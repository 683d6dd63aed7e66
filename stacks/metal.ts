import { defineStack } from "../components/model/define.ts";

const identity = "~/.cache/hotspare/lab/id_ed25519";
const account = { file: "~/.cache/hotspare/lab/controllers" };

/**
 * Four servers of the lab (`./hotspare lab up`), each in a rack of its own and with a management controller; servers of yours look no
 * different. The fourth is a cold standby: switched off until a node is lost.
 */
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
        bmc: {
          kind: "redfish",
          host: "10.78.60.9",
          port: 8441,
          account,
          certificate: "sha256:4f83573bf04dc47eebd5426f403052efac8451e841440230ff1d9d96cbc77153",
        },
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
        bmc: {
          kind: "redfish",
          host: "10.78.60.9",
          port: 8442,
          account,
          certificate: "sha256:f59691791b8ca964a239a3e692f963066fd35f475294db12ffd943ff910db65e",
        },
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
        bmc: {
          kind: "redfish",
          host: "10.78.60.9",
          port: 8443,
          account,
          certificate: "sha256:84c546fd15626fe7a4f41e31e6256052520f55d85a79a9275bdf9a934bb59662",
        },
      },
      "lab-d": {
        ssh: {
          host: "10.78.60.14",
          user: "admin",
          hostKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHtgaeJWk7x4SdBfdpgojXrcaJJ+mCwaOsmUT3pmso/x",
          identity,
        },
        address: "10.78.60.14",
        rack: "d",
        bmc: {
          kind: "redfish",
          host: "10.78.60.9",
          port: 8444,
          account,
          certificate: "sha256:7310cb27db86daa9c88a3a1b9dc856df0d81579ca17e64790caeaf9781f8568f",
        },
      },
    },
  },
  network: { subnet: "10.78.60.0/24", virtualAddress: "10.78.60.10" },
  pools: { web: { active: 3, standby: { cold: 1 } } },
});
