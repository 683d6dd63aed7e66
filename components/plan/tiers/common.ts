import type { BalancerSpec, SecretReference } from "../../model/spec.ts";
import type { TlsSpec } from "../../model/tls.ts";

/** What the tier of any kind has. */
export interface AnyTierPlan {
  /** Where clients come in without TLS. */
  readonly httpPort: number;
  /** Null for none, and for kinds that read nothing of what they forward. */
  readonly tls: TlsPlan | null;
  readonly failover: BalancerSpec["failover"];
  /** Of a balancer. */
  readonly cpus: number;
  readonly memory: number;
}

/** TLS, decided once: who makes something of it reads this, and asks nothing of the kind of the certificate. */
export interface TlsPlan {
  readonly port: number;
  /** Plain HTTP requests are answered with 308 to https. */
  readonly redirect: boolean;
  /** As the stack names it; for who shows it to people. What follows from it is below. */
  readonly certificate: TlsSpec["certificate"];
  readonly end: TlsEnd;
  /** What browsers are told to remember (Strict-Transport-Security); null for nothing. */
  readonly strictTransport: string | null;
}

/** Where TLS ends: at each balancer, or at what the platform has in front of them, and they get plain HTTP. */
export type TlsEnd =
  | {
      readonly at: "balancer";
      /** Certificate and key that are shown, relative to the balancer's configuration folder. */
      readonly certificate: string;
      readonly key: string;
      /** What a balancer is given for them. */
      readonly files: readonly TlsFile[];
      /** Each balancer makes its own of the names that it is given: nobody trusts it who doesn't know it. */
      readonly selfSigned: boolean;
    }
  | {
      readonly at: "front";
      /** The certificate as the platform knows it. */
      readonly certificate: string;
    };

/** A file: the value of a secret, or names, one a line. */
export type TlsFile = { readonly path: string; readonly mode: string } & (
  | { readonly secret: SecretReference }
  | { readonly names: readonly string[] }
);
