import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { element, type XmlElement } from "../../../../src/device/xml/index.ts";
import { type Getter, runGetter } from "../getter.ts";
import { iosxrGetters } from "../iosxr/getters.ts";
import { iosxrNetconfGetters } from "../iosxr_netconf/getters.ts";
import { modelOf } from "../models.ts";
import { InvalidValue } from "../values/invalid-value.ts";

/** Places that getters read, as the XML agent writes them; NETCONF has the same with other names. */
const AGENT = [
  "Get/Operational/SystemTime/Uptime/Hostname",
  "Get/Operational/SystemTime/Uptime/Uptime",
  "Get/RackTable/Rack/Attributes/BasicInfo/ModelName",
  "Get/Interfaces/InterfaceTable/Interface/Naming/InterfaceName",
  "Get/Interfaces/InterfaceTable/Interface/MTU",
  "Get/Interface/InterfaceStatistics/FullInterfaceStats/BytesSent",
  "Get/IPV4Network/InterfaceTable/Interface/VRFTable/VRF/Detail/PrimaryAddress",
  "Get/EntryTable/Entry/Address",
  "Get/EntryTable/Entry/HardwareAddress",
  "Get/Neighbors/DetailTable/Detail/Entry/Detail/SystemCapabilities",
  "Get/L2FIBMACDetailTable/L2FIBMACDetail/Naming/Address",
  "Get/Route/ProtocolName",
  "Get/Route/RoutePath/Entry/Address",
  "Get/ConfigVRF/Naming/VRFName",
  "Get/Neighbor/Naming/NeighborAddress/IPV4Address",
  "Get/Neighbor/AFData/Entry/PrefixesAccepted",
  "Get/InstanceTable/Instance/InstanceActive/VRFTable/VRF/NeighborTable/Neighbor/RouterID",
  "Get/NeighborGroup/RemoteAS/AS_YY",
  "Get/Definition/OperationType/ICMPEcho/Frequency",
  "Get/Operation/Naming/OperationID",
  "Get/Slot/Naming/Name",
  "Get/Slot/CardTable/Card/Attributes/FRUInfo/ModuleAdministrativeState",
  "Get/SensorName/Naming/Name",
  "Get/SensorName/ValueBrief",
  "Get/CPUUtilization/TotalCPUFiveMinute",
  "Get/NodeTable/Node/Associations/PeerSummaryInfo/Entry/PeerInfoCommon/Stratum",
  "Get/Username/Naming/Name",
  "Set/Results/HopIndex",
  "Set/Results/ProbeIndex",
  "Set/Results/DeltaTime",
  "CLI/Exec",
  "CLI/Configuration",
];
const MODELS = [
  "system-time/uptime/uptime",
  "interfaces/interfaces/interface/interface-name",
  "interfaces/interface-xr/interface/interface-name",
  "interfaces/interface-xr/interface/mtu",
  "interfaces/interface-xr/interface/interface-statistics/full-interface-stats/bytes-sent",
  "ipv4-network/nodes/node/interface-data/vrfs/vrf/details/detail/primary-address",
  "arp/nodes/node/entries/entry/address",
  "arp/nodes/node/entries/entry/hardware-address",
  "lldp/nodes/node/neighbors/details/detail/lldp-neighbor/detail/system-capabilities",
  "l2vpn-forwarding/nodes/node/l2fibmac-details/l2fibmac-detail/address",
  "rib/vrfs/vrf/afs/af/safs/saf/ip-rib-route-table-names/ip-rib-route-table-name/routes/route/route-age",
  "bgp/instances/instance/instance-active/default-vrf/neighbors/neighbor/neighbor-address",
  "bgp/instances/instance/instance-active/vrfs/vrf/vrf-name",
  "bgp/instance/instance-as/four-byte-as/default-vrf/bgp-entity/neighbors/neighbor/neighbor-address",
  "ipsla/operation/definitions/definition/operation-type/udp-echo/frequency",
  "ipsla/operation-data/operations/operation/operation-id",
  "environment/oper/power/location/location",
  "environment/oper/temperatures/location/sensor_attributes/sensor_id",
  "environment/oper/temperatures/location/sensor_attributes/value",
  "system-monitoring/cpu-utilization/total-cpu-five-minute",
  "memory-summary/nodes/node/node-name",
  "aaa/usernames/username/name",
  "traceroute-response/ipv4/hops/hop/hop-address",
  "traceroute-response/ipv4/hops/hop/probes/probe/delta-time",
  "cli",
];
const TEXTS = [
  "",
  "x",
  "5",
  "-1",
  "1.5",
  "true",
  "10.0.0.1",
  "0011.2233.4455",
  "B,R",
  "vlan7",
  "PM0",
  "ADMIN_UP",
  "Inlet",
  "0",
];

/** Leaves of neighbouring paths are fields of one element, or of several of them. */
const replyOf = (places: readonly string[]) =>
  fc
    .array(fc.array(fc.tuple(fc.constantFrom(...places), fc.constantFrom(...TEXTS)), { maxLength: 12 }), {
      maxLength: 3,
    })
    .map((parts) =>
      element(
        "reply",
        {},
        parts.map(joined).flatMap(({ children }) => children),
      ),
    );

function joined(leaves: readonly (readonly [path: string, text: string])[]): XmlElement {
  const root: Branch = { text: "", below: new Map() };
  for (const [path, text] of leaves) {
    let at = root;
    for (const name of path.split("/")) {
      const next = at.below.get(name) ?? { text: "", below: new Map() };
      at.below.set(name, next);
      at = next;
    }
    at.text = text;
  }
  return built("part", root);
}

interface Branch {
  text: string;
  readonly below: Map<string, Branch>;
}

function built(name: string, { text, below }: Branch): XmlElement {
  return element(name, {}, [text, ...[...below].map(([child, branch]) => built(child, branch))]);
}

const CAPABILITIES = ["http://www.cisco.com/ns/yang/Cisco-IOS-XR-sysadmin-envmon-ui"];
const args = { destination: "10.0.0.1" };

async function givesModelOrTypedError<Request, Reply>(
  name: string,
  getter: Getter<Request, Reply, unknown>,
  answer: (request: Request) => Reply,
): Promise<void> {
  try {
    const model = await runGetter(getter, { args, now: 0 }, async (request) => answer(request));
    modelOf(name)?.parse(model);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidValue);
  }
}

describe("whatever a router answers, a getter gives its model or a typed error", () => {
  test.each(Object.keys(iosxrGetters))("%s by the XML agent", async (name) => {
    const getter = iosxrGetters[name];
    if (!getter) throw new Error(name);
    await fc.assert(
      fc.asyncProperty(replyOf(AGENT), (reply) => givesModelOrTypedError(name, getter, () => reply)),
    );
  });

  test.each(Object.keys(iosxrNetconfGetters))("%s over NETCONF", async (name) => {
    const getter = iosxrNetconfGetters[name];
    if (!getter) throw new Error(name);
    await fc.assert(
      fc.asyncProperty(replyOf(MODELS), (reply) =>
        givesModelOrTypedError(name, getter, ({ operation }) =>
          operation === "capabilities" ? CAPABILITIES : reply,
        ),
      ),
    );
  });
});
