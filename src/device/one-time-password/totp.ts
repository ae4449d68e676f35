import { createHmac } from "node:crypto";
import { base32 } from "./base32.ts";

/** What one-time codes are made from. */
export interface TotpSecret {
  readonly key: Buffer;
  readonly algorithm: "sha1" | "sha256" | "sha512";
  readonly digits: number;
  /** Seconds for which one code is valid. */
  readonly period: number;
}

const usual = { algorithm: "sha1", digits: 6, period: 30 } as const;

/**
 * Reads the Secret's `totp`: base32 as authenticator apps take it, or an `otpauth://totp/…` URI with algorithm, digits and period. What is
 * wrong with it comes back as a text, which never has a part of the secret.
 *
 * @example
 * totpSecret("otpauth://totp/net:admin?secret=GEZDGNBVGY3TQOJQ&algorithm=SHA256&digits=8&period=60");
 */
export function totpSecret(text: string): TotpSecret | string {
  const trimmed = text.trim();
  if (/^otpauth:/i.test(trimmed)) return fromUri(trimmed);
  const key = base32(trimmed);
  return key === undefined ? "it is neither base32 nor an otpauth:// URI" : { key, ...usual };
}

function fromUri(text: string): TotpSecret | string {
  const uri = URL.parse(text);
  if (uri === null) return "its otpauth:// URI cannot be read";
  if (uri.host.toLowerCase() !== "totp") return "its otpauth:// URI is not of type totp";
  const key = base32(uri.searchParams.get("secret") ?? "");
  if (key === undefined) return "its otpauth:// URI has no secret in base32";
  const algorithm = (uri.searchParams.get("algorithm") ?? usual.algorithm).toLowerCase().replace("-", "");
  if (algorithm !== "sha1" && algorithm !== "sha256" && algorithm !== "sha512")
    return "the algorithm of its otpauth:// URI is not SHA1, SHA256 or SHA512";
  const digits = Number(uri.searchParams.get("digits") ?? usual.digits);
  if (!Number.isInteger(digits) || digits < 6 || digits > 8)
    return "the digits of its otpauth:// URI are not 6 to 8";
  const period = Number(uri.searchParams.get("period") ?? usual.period);
  if (!Number.isInteger(period) || period < 1 || period > 3600)
    return "the period of its otpauth:// URI is not 1 to 3600 seconds";
  return { key, algorithm, digits, period };
}

/** The code of a counter value (RFC 4226). */
export function hotp({ key, algorithm, digits }: Omit<TotpSecret, "period">, counter: number): string {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(counter));
  const digest = createHmac(algorithm, key).update(message).digest();
  const offset = (digest.at(-1) ?? 0) & 0xf;
  const number = (digest.readUInt32BE(offset) & 0x7fffffff) % 10 ** digits;
  return String(number).padStart(digits, "0");
}

/** The time step (RFC 6238) of a moment in milliseconds since the epoch: the counter of the code that is valid then. */
export function timeStep({ period }: Pick<TotpSecret, "period">, nowMs: number): number {
  return Math.floor(nowMs / 1000 / period);
}
