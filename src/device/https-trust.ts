import { createHash, timingSafeEqual } from "node:crypto";
import type { TLSSocket } from "node:tls";
import { deviceErrors } from "../errors/device.ts";
import { fingerprint } from "./host-key.ts";

/** Which certificate of a device is accepted. */
export interface CertificateTrust {
  /** `Insecure` accepts any certificate; `Verify` only one that is pinned or that a trusted authority vouches for. */
  readonly policy: "Verify" | "Insecure";
  /** PEM certificates of the authorities to trust; absent: those that the system trusts. */
  readonly ca?: string;
  /** SHA-256 fingerprints of accepted certificates: `SHA256:` and base64, or hexadecimal as `openssl x509 -fingerprint` prints them. */
  readonly fingerprints?: readonly string[];
  /** Accept nothing but the pinned fingerprints, whatever an authority says. */
  readonly pinnedOnly?: boolean;
}

/** Why Node's TLS does not trust a certificate, in words. */
const REASONS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "it has expired",
  CERT_NOT_YET_VALID: "it is not valid yet",
  DEPTH_ZERO_SELF_SIGNED_CERT: "it is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "its authority is not trusted",
  UNABLE_TO_GET_ISSUER_CERT: "its authority is not known",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its authority is not known",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its authority is not known",
  CERT_SIGNATURE_FAILURE: "its signature does not hold",
  CERT_REVOKED: "it was revoked",
  ERR_TLS_CERT_ALTNAME_INVALID: "it names another host",
};

/**
 * Checks the certificate that a device showed, before anything is sent. Throws `CertificateRejected`, which names the fingerprint.
 * A pinned certificate is accepted even when it has expired or names another host: the pin says which device it is.
 */
export function checkCertificate(socket: TLSSocket, trust: CertificateTrust, device: string): void {
  if (trust.policy === "Insecure") return;
  const { raw } = socket.getPeerCertificate();
  const pins = trust.fingerprints ?? [];
  if (raw && pins.some((pin) => isPinned(raw, pin))) return;
  const shown = raw ? fingerprint(raw) : "none";
  if (trust.pinnedOnly)
    throw deviceErrors.CertificateRejected({ device, why: "it is not one of those pinned", shown });
  if (socket.authorized) return;
  const code = String(socket.authorizationError);
  throw deviceErrors.CertificateRejected({ device, why: REASONS[code] ?? code, shown });
}

function isPinned(certificate: Uint8Array, pin: string): boolean {
  const found = createHash("sha256").update(certificate).digest();
  const bare = pin.trim().replace(/^SHA-?256( Fingerprint)?[:=]/i, "");
  const hexadecimal = /^(?:[0-9a-f]{2}:?){32}$/i.test(bare);
  const known = hexadecimal ? Buffer.from(bare.replaceAll(":", ""), "hex") : Buffer.from(bare, "base64");
  return known.length === found.length && timingSafeEqual(known, found);
}
