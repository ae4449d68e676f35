import { stringify } from "yaml";

/** How a client proves who it is: by a certificate (PEM), by a token, or by a file that holds the current token. */
export type ClientIdentity =
  | { readonly certificate: string; readonly key: string }
  | { readonly token: string }
  | { readonly tokenFile: string };

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
  identity: ClientIdentity,
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
    users: [{ name, user: user(identity) }],
  });
}

function user(identity: ClientIdentity): Record<string, string> {
  if ("token" in identity) return { token: identity.token };
  if ("tokenFile" in identity) return { tokenFile: identity.tokenFile };
  return {
    "client-certificate-data": base64(identity.certificate),
    "client-key-data": base64(identity.key),
  };
}

const base64 = (text: string) => Buffer.from(text).toString("base64");
