import type { XmlElement } from "../../../../src/device/xml/index.ts";
import { type BgpNeighbourPaths, bgpPeers } from "../cisco-xr/bgp-neighbours.ts";
import { isTrue } from "../cisco-xr/fields.ts";
import { type Asking, get, type XrNetconfGetter } from "./request.ts";

export const getBgpNeighbors: XrNetconfGetter = function* () {
  const tables = yield* bgpTables();
  return Object.fromEntries(
    tables.map(({ vrf, process, neighbours }) => [
      vrf ?? "global",
      { router_id: process?.value("router-id") ?? "", peers: bgpPeers(neighbours, paths) },
    ]),
  );
};

/** BGP within a VRF. */
export interface BgpTable {
  /** Absent: the default one. */
  readonly vrf?: string;
  readonly process: XmlElement | undefined;
  readonly neighbours: readonly XmlElement[];
}

/** The default VRF's table first, which there always is, then those of the others. */
export function* bgpTables(): Asking<BgpTable[]> {
  const process = { "global-process-info": "", neighbors: "" };
  const data = yield* get("Cisco-IOS-XR-ipv4-bgp-oper:bgp/instances/instance", {
    "instance-name": "default",
    "instance-active": { "default-vrf": process, "vrfs/vrf": { "vrf-name": "", ...process } },
  });
  const instance = ".//bgp/instances/instance/instance-active";
  return [
    tableOf(data.first(`${instance}/default-vrf`)),
    ...data.all(`${instance}/vrfs/vrf`).map((one) => ({ vrf: one.value("vrf-name"), ...tableOf(one) })),
  ];
}

function tableOf(one: XmlElement | undefined): BgpTable {
  return { process: one?.first("global-process-info/vrf"), neighbours: one?.all("neighbors/neighbor") ?? [] };
}

const paths: BgpNeighbourPaths = {
  address: ["neighbor-address"],
  localAs: "local-as",
  remoteAs: "remote-as",
  remoteId: "router-id",
  description: "description",
  isEnabled: (neighbour) => !isTrue(neighbour, "is-administratively-shut-down"),
  state: "connection-state",
  established: "bgp-st-estab",
  establishedFor: "connection-established-time",
  family: "connection-remote-address/afi",
  accepted: "af-data/prefixes-accepted",
  denied: "af-data/prefixes-denied",
  advertised: "af-data/prefixes-advertised",
};
