import type { Persona } from "./persona.ts";

/* Documents of a Redfish service that are the same for every server: its root, accounts, logs. */

export type Document = Record<string, unknown>;

export const root = "/redfish/v1";
export const sessionsPath = `${root}/SessionService/Sessions`;

export const link = (path: string) => ({ "@odata.id": path });
export const ok = { State: "Enabled", Health: "OK" };

export function collection(path: string, type: string, members: readonly string[]): [string, Document] {
  return [
    path,
    {
      "@odata.type": `#${type}.${type}`,
      Name: type,
      Members: members.map(link),
      "Members@odata.count": members.length,
    },
  ];
}

export function serviceRoot({ vendor, product, oem, controller, sessions }: Persona, uuid: string): Document {
  const manager = { ManagerType: controller, ManagerFirmwareVersion: "1.50", Status: { Health: "OK" } };
  return {
    "@odata.type": "#ServiceRoot.v1_15_0.ServiceRoot",
    Id: "RootService",
    Name: "Root Service",
    RedfishVersion: "1.15.0",
    UUID: uuid,
    Product: product,
    ...(vendor === "" ? {} : { Vendor: vendor }),
    ...(oem === "" ? {} : { Oem: { [oem]: { "@odata.type": `#${oem}.v1_0_0.${oem}`, Manager: [manager] } } }),
    Systems: link(`${root}/Systems`),
    Managers: link(`${root}/Managers`),
    Chassis: link(`${root}/Chassis`),
    AccountService: link(`${root}/AccountService`),
    Registries: link(`${root}/Registries`),
    JsonSchemas: link(`${root}/JsonSchemas`),
    ...(sessions === null
      ? {}
      : { SessionService: link(`${root}/SessionService`), Links: { Sessions: link(sessionsPath) } }),
  };
}

export function logs(system: string): [string, Document][] {
  const service = `${system}/LogServices/Log`;
  return [
    collection(`${system}/LogServices`, "LogServiceCollection", [service]),
    [
      service,
      {
        "@odata.type": "#LogService.v1_4_0.LogService",
        Id: "Log",
        Name: "Log",
        Status: ok,
        Entries: link(`${service}/Entries`),
      },
    ],
    collection(`${service}/Entries`, "LogEntryCollection", []),
  ];
}

export function accounts(): [string, Document][] {
  const service = `${root}/AccountService`;
  const roles = ["Administrator", "Operator", "ReadOnly"];
  return [
    collection(`${root}/JsonSchemas`, "JsonSchemaFileCollection", []),
    collection(`${root}/Registries`, "MessageRegistryFileCollection", []),
    [
      `${root}/SessionService`,
      {
        "@odata.type": "#SessionService.v1_1_8.SessionService",
        Id: "SessionService",
        Name: "Sessions",
        ServiceEnabled: true,
        SessionTimeout: 600,
        Sessions: link(sessionsPath),
      },
    ],
    [
      service,
      {
        "@odata.type": "#AccountService.v1_13_0.AccountService",
        Id: "AccountService",
        Name: "Accounts",
        ServiceEnabled: true,
        Accounts: link(`${service}/Accounts`),
        Roles: link(`${service}/Roles`),
      },
    ],
    collection(`${service}/Accounts`, "ManagerAccountCollection", [`${service}/Accounts/1`]),
    collection(
      `${service}/Roles`,
      "RoleCollection",
      roles.map((role) => `${service}/Roles/${role}`),
    ),
    [
      `${service}/Accounts/1`,
      {
        "@odata.type": "#ManagerAccount.v1_10_0.ManagerAccount",
        Id: "1",
        Name: "Account",
        UserName: "operator",
        Password: null,
        RoleId: "Administrator",
        Enabled: true,
        Locked: false,
        AccountTypes: ["Redfish"],
        Links: { Role: link(`${service}/Roles/Administrator`) },
      },
    ],
    ...roles.map((role): [string, Document] => [
      `${service}/Roles/${role}`,
      {
        "@odata.type": "#Role.v1_3_1.Role",
        Id: role,
        Name: role,
        RoleId: role,
        IsPredefined: true,
        AssignedPrivileges:
          role === "ReadOnly"
            ? ["Login", "ConfigureSelf"]
            : [
                "Login",
                "ConfigureComponents",
                "ConfigureSelf",
                ...(role === "Administrator" ? ["ConfigureManager", "ConfigureUsers"] : []),
              ],
      },
    ]),
  ];
}
