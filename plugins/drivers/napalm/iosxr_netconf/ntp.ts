import { type NtpConfigPaths, type NtpStatePaths, ntpAssociations, ntpConfigured } from "../cisco-xr/ntp.ts";
import { get, getRunning, type XrNetconfGetter } from "./request.ts";

const CONFIGURED = "Cisco-IOS-XR-ip-ntp-cfg:ntp/peer-vrfs/peer-vrf";

export const getNtpPeers: XrNetconfGetter = function* () {
  return ntpConfigured(yield* getRunning(CONFIGURED), families, "peer");
};

export const getNtpServers: XrNetconfGetter = function* () {
  return ntpConfigured(yield* getRunning(CONFIGURED), families, "server");
};

const families: readonly NtpConfigPaths[] = ["ipv4", "ipv6"].map((family) => ({
  peers: `.//ntp/peer-vrfs/peer-vrf/peer-${family}s/peer-${family}`,
  type: `peer-type-${family}/peer-type`,
  address: `address-${family}`,
}));

export const getNtpStats: XrNetconfGetter = function* () {
  const data = yield* get(
    "Cisco-IOS-XR-ip-ntp-oper:ntp/nodes/node/associations/peer-summary-info/peer-info-common",
  );
  return ntpAssociations(
    data.all(".//ntp/nodes/node/associations/peer-summary-info/peer-info-common"),
    state,
  );
};

const state: NtpStatePaths = {
  address: "address",
  synchronized: "is-sys-peer",
  reference: "reference-id",
  stratum: "stratum",
  poll: "host-poll",
  reach: "reachability",
  delay: "delay",
  offset: "offset",
  dispersion: "dispersion",
};
