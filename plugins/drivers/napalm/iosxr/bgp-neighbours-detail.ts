import { type BgpDetailPaths, bgpPeerDetails } from "../cisco-xr/bgp-neighbours-detail.ts";
import { integer } from "../cisco-xr/fields.ts";
import { configuredVrfs } from "./bgp-neighbours.ts";
import { get, type XrGetter } from "./request.ts";

/** All VRFs in one request; the default one is called `global`. */
export const getBgpNeighborsDetail: XrGetter = function* ({ args }) {
  const vrfs = [...new Set(["default", ...(yield* configuredVrfs())])].toSorted();
  const reply = yield* get("Operational/BGP/InstanceTable/Instance", {
    "Naming/InstanceName": "default",
    InstanceActive: vrfs.map((vrf) => ({
      "VRFTable/VRF": { Naming: vrf, GlobalProcessInfo: "", NeighborTable: "" },
    })),
  });
  const tables = reply.all(".//InstanceTable/Instance/InstanceActive/VRFTable/VRF").map((table) => {
    const name = table.value("Naming/VRFName");
    const timers = {
      holdTime: integer(table, "GlobalProcessInfo/VRF/HoldTime"),
      keepalive: integer(table, "GlobalProcessInfo/VRF/KeepAliveTime"),
    };
    const neighbours = table.all("NeighborTable/Neighbor");
    return [
      name === "default" ? "global" : name,
      bgpPeerDetails(neighbours, name, timers, paths, args.neighbor_address),
    ] as const;
  });
  return { global: {}, ...Object.fromEntries(tables) };
};

const paths: BgpDetailPaths = {
  state: "ConnectionState",
  statePrefix: "BGP_ST_",
  previousState: "PreviousConnectionState",
  noPreviousState: "",
  localAs: "LocalAS",
  remoteAs: "RemoteAS",
  routerId: "RouterID",
  localAddress: ["ConnectionLocalAddress/IPV4Address", "ConnectionLocalAddress/IPV6Address"],
  localAddressConfigured: "IsLocalAddressConfigured",
  localPort: "ConnectionLocalPort",
  remoteAddress: ["ConnectionRemoteAddress/IPV4Address", "ConnectionRemoteAddress/IPV6Address"],
  remotePort: "ConnectionRemotePort",
  multihop: "IsExternalNeighborNotDirectlyConnected",
  multipath: "AFData/Entry/SelectiveMultipathEligible",
  removePrivateAs: "AFData/Entry/RemovePrivateASFromUpdates",
  importPolicy: "AFData/Entry/RoutePolicyIn",
  exportPolicy: "AFData/Entry/RoutePolicyOut",
  // So written by the device.
  messagesReceived: "MessgesReceived",
  messagesSent: "MessagesSent",
  messagesQueued: "MessagesQueuedOut",
  downs: "ConnectionDownCount",
  bestPaths: "AFData/Entry/NumberOfBestpaths",
  accepted: "AFData/Entry/PrefixesAccepted",
  denied: "AFData/Entry/PrefixesDenied",
  advertised: "AFData/Entry/PrefixesAdvertised",
  suppressFourByteAs: "Suppress4ByteAs",
  localAsNoPrepend: "LocalASNoPrepend",
  holdTime: "HoldTime",
  configuredHoldTime: "ConfiguredHoldTime",
  keepalive: "KeepAliveTime",
  configuredKeepalive: "ConfiguredKeepalive",
};
