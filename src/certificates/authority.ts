import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from "node:crypto";
import { isIPv4 } from "node:net";
import * as der from "./der.ts";

/** A certificate and its private key, both PEM. */
export interface KeyAndCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** Whom a certificate names and what it is for. */
export interface CertificateRequest {
  readonly commonName: string;
  /** Kubernetes reads these as the user's groups. */
  readonly organizations?: readonly string[];
  /** DNS names and IPv4 addresses under which a server is reached; none makes a client certificate. */
  readonly hosts?: readonly string[];
}

/** Certificates are for throw-away clusters on one machine; a kept quick start outlives a year of holidays. */
const VALID_DAYS = 3650;
/** Clocks of containers may lag behind the one that signed. */
const BACKDATED_MS = 3_600_000;

/**
 * A certificate authority for local clusters and simulated devices (ECDSA P-256).
 *
 * @example
 * const ca = CertificateAuthority.create("local");
 * const admin = ca.issue({ commonName: "admin", organizations: ["system:masters"] });
 */
export class CertificateAuthority {
  readonly certificate: string;
  readonly key: string;
  readonly #name: Buffer;
  readonly #privateKey: KeyObject;

  private constructor(name: Buffer, privateKey: KeyObject, certificate: string) {
    this.#name = name;
    this.#privateKey = privateKey;
    this.certificate = certificate;
    this.key = pem(privateKey);
  }

  /** A new authority that signs itself. */
  static create(commonName: string, now = new Date()): CertificateAuthority {
    const { privateKey } = newKeyPair();
    const name = distinguishedName(commonName, []);
    const certificate = signCertificate({
      subject: name,
      issuer: name,
      subjectKey: createPublicKey(privateKey),
      issuerKey: privateKey,
      extensions: [
        extension(OID.basicConstraints, der.sequence(der.boolean(true)), true),
        extension(OID.keyUsage, keyUsage(KeyUsage.certSign | KeyUsage.crlSign), true),
      ],
      now,
    });
    return new CertificateAuthority(name, privateKey, certificate);
  }

  /** An authority that was created earlier, from its two PEM texts. */
  static load(certificate: string, key: string): CertificateAuthority {
    const { commonName } = subjectOf(certificate);
    return new CertificateAuthority(distinguishedName(commonName, []), createPrivateKey(key), certificate);
  }

  /** A certificate for a server (when `hosts` are given) or for a client. */
  issue(request: CertificateRequest, now = new Date()): KeyAndCertificate {
    const { privateKey, publicKey } = newKeyPair();
    const hosts = request.hosts ?? [];
    const purpose = hosts.length > 0 ? OID.serverAuth : OID.clientAuth;
    const certificate = signCertificate({
      subject: distinguishedName(request.commonName, request.organizations ?? []),
      issuer: this.#name,
      subjectKey: publicKey,
      issuerKey: this.#privateKey,
      extensions: [
        extension(OID.keyUsage, keyUsage(KeyUsage.digitalSignature), true),
        extension(OID.extendedKeyUsage, der.sequence(der.oid(purpose))),
        ...(hosts.length > 0 ? [extension(OID.subjectAltName, der.sequence(...hosts.map(generalName)))] : []),
      ],
      now,
    });
    return { certificate, key: pem(privateKey) };
  }
}

/** A key pair that signs service-account tokens (PEM, ECDSA P-256: tokens are ES256). */
export function newSigningKey(): { privateKey: string; publicKey: string } {
  const { privateKey, publicKey } = newKeyPair();
  return {
    privateKey: pem(privateKey),
    publicKey: publicKey.export({ format: "pem", type: "spki" }).toString(),
  };
}

const OID = {
  commonName: "2.5.4.3",
  organization: "2.5.4.10",
  ecdsaWithSha256: "1.2.840.10045.4.3.2",
  keyUsage: "2.5.29.15",
  subjectAltName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  extendedKeyUsage: "2.5.29.37",
  serverAuth: "1.3.6.1.5.5.7.3.1",
  clientAuth: "1.3.6.1.5.5.7.3.2",
} as const;

/** Bits of the KeyUsage extension, the first named bit being the most significant (RFC 5280, 4.2.1.3). */
const KeyUsage = { digitalSignature: 0x80, certSign: 0x04, crlSign: 0x02 } as const;

interface Unsigned {
  readonly subject: Buffer;
  readonly issuer: Buffer;
  readonly subjectKey: KeyObject;
  readonly issuerKey: KeyObject;
  readonly extensions: readonly Buffer[];
  readonly now: Date;
}

function signCertificate(c: Unsigned): string {
  const algorithm = der.sequence(der.oid(OID.ecdsaWithSha256));
  const expires = new Date(c.now.getTime() + VALID_DAYS * 86_400_000);
  const toBeSigned = der.sequence(
    der.explicit(0, der.integer(Buffer.from([2]))), // version 3
    der.integer(randomBytes(16)),
    algorithm,
    c.issuer,
    der.sequence(der.time(new Date(c.now.getTime() - BACKDATED_MS)), der.time(expires)),
    c.subject,
    c.subjectKey.export({ format: "der", type: "spki" }),
    der.explicit(3, der.sequence(...c.extensions)),
  );
  const signature = sign("sha256", toBeSigned, c.issuerKey);
  const certificate = der.sequence(toBeSigned, algorithm, der.bitString(signature));
  const lines = certificate.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function distinguishedName(commonName: string, organizations: readonly string[]): Buffer {
  const attribute = (type: string, value: string) =>
    der.set(der.sequence(der.oid(type), der.utf8String(value)));
  return der.sequence(
    ...organizations.map((o) => attribute(OID.organization, o)),
    attribute(OID.commonName, commonName),
  );
}

function subjectOf(certificate: string): { commonName: string } {
  const { subject } = new X509Certificate(certificate);
  return { commonName: subject.slice(subject.lastIndexOf("CN=") + 3) };
}

function extension(id: string, value: Buffer, critical = false): Buffer {
  return der.sequence(
    der.oid(id),
    ...(critical ? [der.boolean(true)] : []), // DER leaves out a default
    der.octetString(value),
  );
}

function keyUsage(bits: number): Buffer {
  const unused = 31 - Math.clz32(bits & -bits); // trailing zero bits are left out of a named bit list
  return der.bitString(Buffer.from([bits]), unused);
}

function generalName(host: string): Buffer {
  return isIPv4(host)
    ? der.implicit(7, Buffer.from(host.split(".").map(Number)))
    : der.implicit(2, Buffer.from(host, "ascii"));
}

function newKeyPair() {
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}

function pem(key: KeyObject): string {
  return key.export({ format: "pem", type: "pkcs8" }).toString();
}
