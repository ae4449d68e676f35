import { type BgpDetailPaths, bgpPeerDetails } from "../cisco-xr/bgp-neighbours-detail.ts";
import { integer } from "../cisco-xr/fields.ts";
import { bgpTables } from "./bgp-neighbours.ts";
import type { XrNetconfGetter } from "./request.ts";

export const getBgpNeighborsDetail: XrNetconfGetter = function* ({ args }) {
  const tables = yield* bgpTables();
  return Object.fromEntries(
    tables.map(({ vrf, process, neighbours }) => {
      const timers = {
        holdTime: process ? integer(process, "hold-time") : 0,
        keepalive: process ? integer(process, "keep-alive-time") : 0,
      };
      return [
        vrf ?? "global",
        bgpPeerDetails(neighbours, vrf ?? "default", timers, paths, args.neighbor_address),
      ];
    }),
  );
};

const paths: BgpDetailPaths = {
  state: "connection-state",
  statePrefix: "bgp-st-",
  previousState: "previous-connection-state",
  noPreviousState: "0",
  localAs: "local-as",
  remoteAs: "remote-as",
  routerId: "router-id",
  localAddress: ["connection-local-address/ipv4-address", "connection-local-address/ipv6-address"],
  localAddressConfigured: "is-local-address-configured",
  localPort: "connection-local-port",
  remoteAddress: ["connection-remote-address/ipv4-address", "connection-remote-address/ipv6-address"],
  remotePort: "connection-remote-port",
  multihop: "is-external-neighbor-not-directly-connected",
  multipath: "af-data/selective-multipath-eligible",
  removePrivateAs: "af-data/remove-private-as-from-updates",
  importPolicy: "af-data/route-policy-in",
  exportPolicy: "af-data/route-policy-out",
  // So written by the device.
  messagesReceived: "messges-received",
  messagesSent: "messages-sent",
  messagesQueued: "messages-queued-out",
  downs: "connection-down-count",
  bestPaths: "af-data/number-of-bestpaths",
  accepted: "af-data/prefixes-accepted",
  denied: "af-data/prefixes-denied",
  advertised: "af-data/prefixes-advertised",
  suppressFourByteAs: "suppress4-byte-as",
  localAsNoPrepend: "local-as-no-prepend",
  holdTime: "hold-time",
  configuredHoldTime: "configured-hold-time",
  keepalive: "keep-alive-time",
  configuredKeepalive: "configured-keepalive",
};
