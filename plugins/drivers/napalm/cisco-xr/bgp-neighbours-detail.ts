import type { XmlElement } from "../../../../src/device/xml/index.ts";
import { ipAddress } from "../values/ip-address.ts";
import { firstText, integer, isTrue } from "./fields.ts";
import { grouped } from "./neighbours.ts";

/** Where the details of a BGP neighbour stand. */
export interface BgpDetailPaths {
  readonly state: string;
  /** Stands before the name of a state: `BGP_ST_`. */
  readonly statePrefix: string;
  readonly previousState: string;
  /** The number of the previous state where none stands. */
  readonly noPreviousState: string;
  readonly localAs: string;
  readonly remoteAs: string;
  readonly routerId: string;
  readonly localAddress: readonly string[];
  readonly localAddressConfigured: string;
  readonly localPort: string;
  readonly remoteAddress: readonly string[];
  readonly remotePort: string;
  readonly multihop: string;
  readonly multipath: string;
  readonly removePrivateAs: string;
  readonly importPolicy: string;
  readonly exportPolicy: string;
  readonly messagesReceived: string;
  readonly messagesSent: string;
  readonly messagesQueued: string;
  readonly downs: string;
  readonly bestPaths: string;
  readonly accepted: string;
  readonly denied: string;
  readonly advertised: string;
  readonly suppressFourByteAs: string;
  readonly localAsNoPrepend: string;
  readonly holdTime: string;
  readonly configuredHoldTime: string;
  readonly keepalive: string;
  readonly configuredKeepalive: string;
}

/** Timers of a VRF, for neighbours without their own. */
export interface BgpTimers {
  readonly holdTime: number;
  readonly keepalive: number;
}

/** The neighbours of a VRF in detail, by their AS; only that with the address `wanted`, where there is one. */
export function bgpPeerDetails(
  neighbours: readonly XmlElement[],
  vrf: string,
  timers: BgpTimers,
  paths: BgpDetailPaths,
  wanted: unknown,
) {
  return grouped(
    neighbours
      .map((one) => bgpPeerDetail(one, vrf, timers, paths))
      .filter(({ remote_address }) => !wanted || remote_address === ipAddress(String(wanted)))
      .map((detail) => [String(detail.remote_as), detail] as const),
  );
}

function bgpPeerDetail(one: XmlElement, vrf: string, timers: BgpTimers, paths: BgpDetailPaths) {
  const state = stateName(one.value(paths.state), paths.statePrefix);
  const accepted = integer(one, paths.accepted);
  const denied = integer(one, paths.denied);
  return {
    up: state === "Established",
    local_as: integer(one, paths.localAs),
    remote_as: integer(one, paths.remoteAs),
    router_id: ipAddress(one.value(paths.routerId)),
    local_address: ipAddress(firstText(one, paths.localAddress)),
    routing_table: vrf,
    local_address_configured: isTrue(one, paths.localAddressConfigured),
    local_port: integer(one, paths.localPort),
    remote_address: ipAddress(firstText(one, paths.remoteAddress)),
    remote_port: integer(one, paths.remotePort),
    multihop: isTrue(one, paths.multihop),
    multipath: isTrue(one, paths.multipath),
    remove_private_as: isTrue(one, paths.removePrivateAs),
    import_policy: one.value(paths.importPolicy),
    export_policy: one.value(paths.exportPolicy),
    input_messages: integer(one, paths.messagesReceived),
    output_messages: integer(one, paths.messagesSent),
    input_updates: 0,
    output_updates: 0,
    messages_queued_out: integer(one, paths.messagesQueued),
    connection_state: state,
    previous_connection_state:
      PREVIOUS_STATES.get(one.value(paths.previousState) || paths.noPreviousState) ?? "",
    last_event: "",
    suppress_4byte_as: isTrue(one, paths.suppressFourByteAs),
    local_as_prepend: !isTrue(one, paths.localAsNoPrepend),
    holdtime: integer(one, paths.holdTime) || timers.holdTime,
    configured_holdtime: integer(one, paths.configuredHoldTime),
    keepalive: integer(one, paths.keepalive) || timers.keepalive,
    configured_keepalive: integer(one, paths.configuredKeepalive),
    active_prefix_count: integer(one, paths.bestPaths),
    received_prefix_count: accepted + denied,
    accepted_prefix_count: accepted,
    suppressed_prefix_count: denied,
    advertised_prefix_count: integer(one, paths.advertised),
    flap_count: integer(one, paths.downs),
  };
}

function stateName(text: string, prefix: string): string {
  const state = text.replaceAll(prefix, "").toLowerCase();
  return state === "estab" ? "Established" : state.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
}

/** States of RFC 4271 by their numbers in BGP's MIB. */
const PREVIOUS_STATES: ReadonlyMap<string, string> = new Map(
  ["Unknown", "Idle", "Connect", "OpenSent", "OpenConfirm", "Active", "Established"].map((name, number) => [
    String(number),
    name,
  ]),
);
