import { type BgpConfigPaths, bgpConfig } from "../cisco-xr/bgp-config.ts";
import { getRunning, type XrNetconfGetter } from "./request.ts";

export const getBgpConfig: XrNetconfGetter = function* ({ args }) {
  const data = yield* getRunning("Cisco-IOS-XR-ipv4-bgp-cfg:bgp/instance", { "instance-name": "default" });
  return data.has(".//bgp") ? bgpConfig(data, args, paths) : {};
};

const FOUR_BYTE = ".//bgp/instance/instance-as/four-byte-as";
const ENTITY = `${FOUR_BYTE}/default-vrf/bgp-entity`;

const paths: BgpConfigPaths = {
  as: `${FOUR_BYTE}/as`,
  neighbours: `${ENTITY}/neighbors/neighbor`,
  address: ["neighbor-address"],
  groupOfNeighbour: "neighbor-group-add-member",
  password: "password/password",
  neighbourFamilies: "neighbor-afs/neighbor-af",
  groupFamilies: "neighbor-group-afs/neighbor-group-af",
  groups: `${ENTITY}/neighbor-groups/neighbor-group`,
  groupName: "neighbor-group-name",
  description: "description",
  remoteAs: { upper: "remote-as/as-xx", lower: "remote-as/as-yy" },
  localAs: { upper: "local-as/as-xx", lower: "local-as/as-yy" },
  localAddress: ["local-address/local-ip-address"],
  multihop: "ebgp-multihop/max-hop-count",
  family: {
    name: "af-name",
    importPolicy: "route-policy-in",
    exportPolicy: "route-policy-out",
    multipath: "multipath",
    limit: "maximum-prefixes/prefix-limit",
    warning: "maximum-prefixes/warning-percentage",
    restart: "maximum-prefixes/restart-time",
  },
};
