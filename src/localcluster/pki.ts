import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CertificateAuthority, type KeyAndCertificate, newSigningKey } from "../certificates/authority.ts";

/** The keys and certificates of one cluster; `files` are paths for the programs that read them from disk. */
export interface Pki {
  readonly ca: CertificateAuthority;
  readonly admin: KeyAndCertificate;
  readonly files: {
    readonly caCertificate: string;
    readonly serverCertificate: string;
    readonly serverKey: string;
    readonly signingKey: string;
    readonly signingPublicKey: string;
  };
}

/**
 * Keys for the cluster in this folder. The authority and the service-account key of an earlier run are used again, so
 * that kubeconfigs and tokens from then stay valid; the rest is issued anew.
 */
export function loadPki(folder: string): Pki {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = (name: string) => join(folder, name);
  const files = {
    caCertificate: path("ca.crt"),
    serverCertificate: path("apiserver.crt"),
    serverKey: path("apiserver.key"),
    signingKey: path("service-account.key"),
    signingPublicKey: path("service-account.pub"),
  };
  const ca = loadAuthority(files.caCertificate, path("ca.key"));
  if (!existsSync(files.signingPublicKey)) {
    const { privateKey, publicKey } = newSigningKey();
    write(files.signingKey, privateKey);
    write(files.signingPublicKey, publicKey);
  }
  const server = ca.issue({
    commonName: "kube-apiserver",
    hosts: [
      "127.0.0.1",
      "10.96.0.1",
      "localhost",
      "kubernetes",
      "kubernetes.default",
      "kubernetes.default.svc",
    ],
  });
  write(files.serverCertificate, server.certificate);
  write(files.serverKey, server.key);
  return { ca, admin: ca.issue({ commonName: "admin", organizations: ["system:masters"] }), files };
}

function loadAuthority(certificatePath: string, keyPath: string): CertificateAuthority {
  if (existsSync(certificatePath)) {
    return CertificateAuthority.load(readFileSync(certificatePath, "utf8"), readFileSync(keyPath, "utf8"));
  }
  const ca = CertificateAuthority.create("NetPulse local cluster");
  write(keyPath, ca.key);
  write(certificatePath, ca.certificate); // last: its presence says that the key is complete
  return ca;
}

const write = (path: string, text: string) => writeFileSync(path, text, { mode: 0o600 });
