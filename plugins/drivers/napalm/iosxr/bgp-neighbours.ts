import { type BgpNeighbourPaths, bgpPeers } from "../cisco-xr/bgp-neighbours.ts";
import { type Asking, get, type XrGetter } from "./request.ts";

/** The global table, and every VRF that BGP is configured in. */
export const getBgpNeighbors: XrGetter = function* () {
  const model: Record<string, { router_id: string; peers: ReturnType<typeof bgpPeers> }> = {};
  const vrfs = yield* configuredVrfs();
  for (const vrf of ["global", ...vrfs]) {
    const reply = yield* get("Operational/BGP/InstanceTable/Instance", {
      "Naming/InstanceName": "default",
      InstanceActive:
        vrf === "global"
          ? { DefaultVRF: { GlobalProcessInfo: "", NeighborTable: "" } }
          : { "VRFTable/VRF": { Naming: vrf, GlobalProcessInfo: "", NeighborTable: "" } },
    });
    const place = vrf === "global" ? "DefaultVRF" : "VRFTable/VRF";
    model[vrf] = {
      router_id: reply.value(`${ACTIVE}/${place}/GlobalProcessInfo/VRF/RouterID`),
      peers: bgpPeers(reply.all(".//Neighbor"), paths),
    };
  }
  return model;
};

/** Names of VRFs from the configuration, which is much smaller than the state. */
export function* configuredVrfs(): Asking<string[]> {
  const reply = yield* get("Operational/BGP/ConfigInstanceTable/ConfigInstance", {
    "Naming/InstanceName": "default",
    ConfigInstanceVRFTable: "",
  });
  return reply.all(".//ConfigVRF").map((one) => one.value("Naming/VRFName"));
}

const ACTIVE = "Get/Operational/BGP/InstanceTable/Instance/InstanceActive";

const paths: BgpNeighbourPaths = {
  address: ["Naming/NeighborAddress/IPV4Address", "Naming/NeighborAddress/IPV6Address"],
  localAs: "LocalAS",
  remoteAs: "RemoteAS",
  remoteId: "RouterID",
  description: "Description",
  isEnabled: (neighbour) => neighbour.value("ConnectionAdminStatus") === "1",
  state: "ConnectionState",
  established: "BGP_ST_ESTAB",
  establishedFor: "ConnectionEstablishedTime",
  family: "ConnectionRemoteAddress/AFI",
  accepted: "AFData/Entry/PrefixesAccepted",
  denied: "AFData/Entry/PrefixesDenied",
  advertised: "AFData/Entry/PrefixesAdvertised",
};
