import type { ParsedKey } from "ssh2";
import { lengthAnd } from "./ssh-internals.ts";

/** How the keys of a certificate sign: the algorithm to ask for, the name that the signature bears, and its hash. */
interface Signing {
  readonly algorithm: string;
  readonly name: string;
  readonly hash?: string;
}

const ed25519 = { algorithm: "ssh-ed25519-cert-v01@openssh.com", name: "ssh-ed25519" };

/** Certificate type -> how its key signs. RSA never with SHA-1: a server that knows certificates at all knows better. */
const SIGNING: Readonly<Record<string, Signing>> = {
  "ssh-ed25519-cert-v01@openssh.com": ed25519,
  "ecdsa-sha2-nistp256-cert-v01@openssh.com": ecdsa("nistp256", "sha256"),
  "ecdsa-sha2-nistp384-cert-v01@openssh.com": ecdsa("nistp384", "sha384"),
  "ecdsa-sha2-nistp521-cert-v01@openssh.com": ecdsa("nistp521", "sha512"),
  "ssh-rsa-cert-v01@openssh.com": {
    algorithm: "rsa-sha2-512-cert-v01@openssh.com",
    name: "rsa-sha2-512",
    hash: "sha512",
  },
};

function ecdsa(curve: string, hash: string): Signing {
  return { algorithm: `ecdsa-sha2-${curve}-cert-v01@openssh.com`, name: `ecdsa-sha2-${curve}`, hash };
}

const names = new WeakMap<object, string>();

/** The name that a certificate's signatures bear; undefined for any other key. */
export function signatureName(key: unknown): string | undefined {
  return typeof key === "object" && key !== null ? names.get(key) : undefined;
}

/**
 * A private key that shows its certificate (an OpenSSH `…-cert.pub` line) instead of its public key, or the reason why the two cannot go together.
 * To be used with `onSignature(client, signatureName)`.
 */
export function certifiedKey(key: ParsedKey, certificate: string): ParsedKey | Error {
  const [, encoded = ""] = certificate.trim().split(/\s+/);
  const blob = Buffer.from(encoded, "base64");
  const type = firstString(blob);
  const signing = SIGNING[type];
  if (!signing) return new Error("it is not an OpenSSH user certificate for an Ed25519, ECDSA or RSA key");
  if (!blob.includes(publicPart(key))) return new Error("it was not made for this private key");
  const certified: ParsedKey = Object.create(key, {
    type: { value: signing.algorithm },
    getPublicSSH: { value: () => blob },
    sign: { value: (data: Buffer) => signed(key, data, signing) },
  });
  names.set(certified, signing.name);
  return certified;
}

function signed(key: ParsedKey, data: Buffer, { name, hash }: Signing): Buffer | Error {
  const signature: Buffer | Error = key.sign(data, hash);
  return signature instanceof Error || !name.startsWith("ecdsa") ? signature : twoNumbers(signature);
}

/** An ECDSA signature as SSH writes it, from the DER that OpenSSL gives: the numbers r and s. Short lengths only: they have at most 66 bytes. */
function twoNumbers(der: Buffer): Buffer {
  let at = (der[1] ?? 0) > 0x80 ? 3 : 2;
  const parts: Buffer[] = [];
  for (let part = 0; part < 2; part++) {
    const length = der[at + 1] ?? 0;
    parts.push(lengthAnd(der.subarray(at + 2, at + 2 + length)));
    at += 2 + length;
  }
  return Buffer.concat(parts);
}

/** What a public key has after its type; a certificate has the same after its nonce. */
function publicPart(key: ParsedKey): Buffer {
  const whole = key.getPublicSSH();
  return whole.subarray(4 + whole.readUInt32BE(0));
}

function firstString(blob: Buffer): string {
  if (blob.length < 4) return "";
  const length = blob.readUInt32BE(0);
  return length > 100 ? "" : blob.toString("latin1", 4, 4 + length);
}
