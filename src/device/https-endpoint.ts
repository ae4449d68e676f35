import { type DeviceTarget, deviceErrors } from "../plugin/index.ts";
import type { HttpTarget } from "./https.ts";
import type { CertificateTrust } from "./https-trust.ts";
import { openRoute } from "./route.ts";

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

/**
 * The way through the pool's jump hosts, as `through` of an HTTP target; undefined: there are none. Each connection logs in on them anew.
 * What fails there names the jump host.
 */
export function throughJumpHosts(
  { name, jumpHosts = [] }: DeviceTarget,
  connectMs: number,
): HttpTarget["through"] {
  if (jumpHosts.length === 0) return undefined;
  return async (to) => {
    const hops = jumpHosts.map((hop) => ({
      device: `${name} (jump host ${hop.host})`,
      host: hop.host,
      port: hop.port ?? 22,
      credential: hop.credential,
      hostKeys: hop.hostKeys,
      limits: { connectMs, bannerMs: connectMs, authMs: connectMs },
      algorithms: "compatible" as const,
    }));
    const route = await openRoute(hops, to);
    if (!route) throw new TypeError("a route without hops");
    return route.stream;
  };
}
