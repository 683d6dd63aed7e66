import { expect, test } from "vitest";
import { entranceOf } from "../../../../scripts/drill/entrance.ts";
import { planAny } from "../../../support/plan-any.ts";
import { small } from "../../../support/small.ts";

const of = (tls?: object) =>
  entranceOf(planAny(small({ balancer: { kind: "nginx", ...(tls && { listen: { tls } }) } }) as never));

test("the load comes as clients do: by TLS where the balancers end it, and probes by the plain port", () => {
  expect(of()).toMatchObject({ port: 80, tls: false, probePort: 80 });
  for (const redirect of [true, false])
    expect(of({ certificate: { kind: "self-signed" }, redirect })).toMatchObject({
      port: 443,
      tls: true,
      probePort: 80,
    });
});
