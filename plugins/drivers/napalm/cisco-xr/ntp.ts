import type { XmlElement } from "../../../../src/device/xml/index.ts";
import { decimal, integer, isTrue } from "./fields.ts";

/** Where configured associations of one address family stand. */
export interface NtpConfigPaths {
  readonly peers: string;
  readonly type: string;
  readonly address: string;
}

/** Addresses of the configured associations of a type, such as `Server`, each with an empty object. */
export function ntpConfigured(
  reply: XmlElement,
  families: readonly NtpConfigPaths[],
  type: string,
): Record<string, Record<string, never>> {
  const addresses = families.flatMap((family) =>
    reply
      .all(family.peers)
      .filter((one) => one.value(family.type) === type)
      .map((one) => one.value(family.address)),
  );
  return Object.fromEntries(addresses.filter((one) => one !== "").map((one) => [one, {}]));
}

/** Where the fields of an association's state stand. */
export interface NtpStatePaths {
  readonly address: string;
  readonly synchronized: string;
  readonly reference: string;
  readonly stratum: string;
  readonly poll: string;
  readonly reach: string;
  readonly delay: string;
  readonly offset: string;
  readonly dispersion: string;
}

// The router's own other processor, which is no association.
const STANDBY_PROCESSOR = "DLRSC node";

export function ntpAssociations(associations: readonly XmlElement[], paths: NtpStatePaths) {
  return associations
    .filter((one) => one.value(paths.address) !== STANDBY_PROCESSOR)
    .map((one) => ({
      remote: one.value(paths.address),
      referenceid: one.value(paths.reference),
      synchronized: isTrue(one, paths.synchronized),
      stratum: integer(one, paths.stratum),
      type: "",
      when: "",
      hostpoll: integer(one, paths.poll),
      reachability: integer(one, paths.reach),
      delay: decimal(one, paths.delay),
      offset: decimal(one, paths.offset),
      jitter: decimal(one, paths.dispersion),
    }));
}
