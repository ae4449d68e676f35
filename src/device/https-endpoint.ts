import { type DeviceTarget, deviceErrors } from "../plugin/index.ts";
import type { CertificateTrust } from "./https-trust.ts";

/**
 * Which certificate of a device is accepted, by the pool and its Secret: one that the authority `ca.crt` (absent: the system's) vouches for,
 * or one of the pool's host key fingerprints; with `pinned`, only those. The host key policy `Insecure` accepts any, unless some are pinned.
 */
export function certificateTrust(
  { hostKeys, credential }: DeviceTarget,
  pinned: readonly string[] | undefined,
): CertificateTrust {
  if (hostKeys.policy === "Insecure" && !pinned) return { policy: "Insecure" };
  const ca = credential.data["ca.crt"];
  const pool = hostKeys.policy === "Strict" ? hostKeys.fingerprints : [];
  return {
    policy: "Verify",
    ...(ca !== undefined && { ca }),
    fingerprints: pinned ?? pool,
    pinnedOnly: pinned !== undefined,
  };
}

/**
 * HTTP without TLS needs the host key policy `Insecure`: the password is readable on the way, and nothing shows which device answers.
 * Throws `HttpNotAllowed`.
 */
export function refuseUnsafeHttp({ name, hostKeys }: DeviceTarget): void {
  if (hostKeys.policy === "Strict") throw deviceErrors.HttpNotAllowed({ device: name });
}
