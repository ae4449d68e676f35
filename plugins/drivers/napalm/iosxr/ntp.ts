import { type NtpConfigPaths, type NtpStatePaths, ntpAssociations, ntpConfigured } from "../cisco-xr/ntp.ts";
import { get, type XrGetter } from "./request.ts";

export const getNtpPeers: XrGetter = function* () {
  return ntpConfigured(yield* get("Configuration/NTP"), families, "Peer");
};

export const getNtpServers: XrGetter = function* () {
  return ntpConfigured(yield* get("Configuration/NTP"), families, "Server");
};

const families: readonly NtpConfigPaths[] = ["IPV4", "IPV6"].map((family) => ({
  peers: `.//Peer${family}Table/Peer${family}`,
  type: `PeerType${family}/Naming/PeerType`,
  address: `Naming/Address${family}`,
}));

export const getNtpStats: XrGetter = function* () {
  const reply = yield* get("Operational/NTP/NodeTable");
  const associations = reply.all(".//NodeTable/Node/Associations/PeerSummaryInfo/Entry/PeerInfoCommon");
  return ntpAssociations(associations, state);
};

const state: NtpStatePaths = {
  address: "Address",
  synchronized: "IsSysPeer",
  reference: "ReferenceID",
  stratum: "Stratum",
  poll: "HostPoll",
  reach: "Reachability",
  delay: "Delay",
  offset: "Offset",
  dispersion: "Dispersion",
};
