import { stringify } from "yaml";
import type { KeyAndCertificate } from "../certificates/authority.ts";

/** The server that a kubeconfig leads to. */
export interface ApiServerAddress {
  /** `https://127.0.0.1:PORT` */
  readonly server: string;
  /** PEM of the authority that signed the server's certificate. */
  readonly ca: string;
}

/** The text of a kubeconfig with one context named `netpulse-local`. */
export function kubeconfig(
  address: ApiServerAddress,
  identity: KeyAndCertificate,
  namespace = "default",
): string {
  const name = "netpulse-local";
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    contexts: [{ name, context: { cluster: name, user: name, namespace } }],
    clusters: [
      { name, cluster: { server: address.server, "certificate-authority-data": base64(address.ca) } },
    ],
    users: [
      {
        name,
        user: {
          "client-certificate-data": base64(identity.certificate),
          "client-key-data": base64(identity.key),
        },
      },
    ],
  });
}

const base64 = (text: string) => Buffer.from(text).toString("base64");
