import type { XmlElement } from "../../../../src/device/xml/index.ts";
import { ipAddress } from "../values/ip-address.ts";
import { firstText, integer } from "./fields.ts";

/** Where the state of a BGP neighbour stands, and how an established connection is written. */
export interface BgpNeighbourPaths {
  readonly address: readonly string[];
  readonly localAs: string;
  readonly remoteAs: string;
  readonly remoteId: string;
  readonly description: string;
  readonly isEnabled: (neighbour: XmlElement) => boolean;
  readonly state: string;
  readonly established: string;
  readonly establishedFor: string;
  readonly family: string;
  readonly accepted: string;
  readonly denied: string;
  readonly advertised: string;
}

/** The neighbours of a VRF, by their address. */
export function bgpPeers(neighbours: readonly XmlElement[], paths: BgpNeighbourPaths) {
  return Object.fromEntries(
    neighbours.map((one) => [ipAddress(firstText(one, paths.address)), bgpPeer(one, paths)]),
  );
}

function bgpPeer(one: XmlElement, paths: BgpNeighbourPaths) {
  const isUp = one.value(paths.state) === paths.established;
  const accepted = integer(one, paths.accepted);
  return {
    local_as: integer(one, paths.localAs),
    remote_as: integer(one, paths.remoteAs),
    remote_id: one.value(paths.remoteId),
    is_up: isUp,
    is_enabled: paths.isEnabled(one),
    description: one.value(paths.description),
    uptime: isUp ? integer(one, paths.establishedFor) : -1,
    address_family: {
      [one.value(paths.family).replace("IP", "ip")]: {
        received_prefixes: accepted + integer(one, paths.denied),
        accepted_prefixes: accepted,
        sent_prefixes: integer(one, paths.advertised),
      },
    },
  };
}
