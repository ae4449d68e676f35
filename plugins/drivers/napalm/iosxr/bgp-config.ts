import { type BgpConfigPaths, bgpConfig } from "../cisco-xr/bgp-config.ts";
import { get, type XrGetter } from "./request.ts";

export const getBgpConfig: XrGetter = function* ({ args }) {
  const reply = yield* get("Configuration/BGP/Instance", { "Naming/InstanceName": "default" });
  const isConfigured = reply.child("Get")?.attributes.ItemNotFound === undefined;
  return isConfigured ? bgpConfig(reply, args, paths) : {};
};

const paths: BgpConfigPaths = {
  as: "Get/Configuration/BGP/Instance[1]/InstanceAS/FourByteAS/Naming/AS",
  neighbours: ".//Neighbor",
  address: ["Naming/NeighborAddress/IPV4Address", "Naming/NeighborAddress/IPV6Address"],
  groupOfNeighbour: "NeighborGroupAddMember",
  password: "Password/Password/Password",
  neighbourFamilies: "NeighborAFTable/NeighborAF",
  groupFamilies: "NeighborGroupAFTable/NeighborGroupAF",
  groups: ".//NeighborGroup",
  groupName: "Naming/NeighborGroupName",
  description: "Description",
  remoteAs: { upper: "RemoteAS/AS_XX", lower: "RemoteAS/AS_YY" },
  localAs: { upper: "LocalAS/AS_XX", lower: "LocalAS/AS_YY" },
  localAddress: ["LocalAddress/LocalIPAddress/IPV4Address", "LocalAddress/LocalIPAddress/IPV6Address"],
  multihop: "EBGPMultihop/MaxHopCount",
  family: {
    name: "Naming/AFName",
    importPolicy: "RoutePolicyIn",
    exportPolicy: "RoutePolicyOut",
    multipath: "Multipath",
    limit: "MaximumPrefixes/PrefixLimit",
    warning: "MaximumPrefixes/WarningPercentage",
    restart: "MaximumPrefixes/RestartTime",
  },
};
