import { expect, test } from "vitest";
import { getFacts, getInterfaces, getInterfacesCounters } from "./interfaces.ts";
import { getArpTable, getLldpNeighbors, getLldpNeighborsDetail } from "./neighbours.ts";
import { getNetworkInstances } from "./network-instances.ts";
import { getMacAddressTable, getOptics, getVlans } from "./switching.ts";
import { modelled } from "./test-replies.ts";

const port = {
  lineProtocolStatus: "up",
  interfaceStatus: "connected",
  description: "",
  mtu: 9214,
  bandwidth: 1e10,
};

test("interfaces without a hardware address or a time of their last change have none", async () => {
  const interfaces = {
    Ethernet1: { ...port, lastStatusChangeTimestamp: 5.5, physicalAddress: "0011.2233.4455" },
    Loopback0: { ...port, lineProtocolStatus: "down", interfaceStatus: "disabled", bandwidth: 0 },
  };
  expect(await modelled("get_interfaces", getInterfaces, { "show interfaces": { interfaces } })).toEqual({
    Ethernet1: {
      is_up: true,
      is_enabled: true,
      description: "",
      last_flapped: 5.5,
      mtu: 9214,
      speed: 10_000,
      mac_address: "00:11:22:33:44:55",
    },
    Loopback0: {
      is_up: false,
      is_enabled: false,
      description: "",
      last_flapped: -1,
      mtu: 9214,
      speed: 0,
      mac_address: "",
    },
  });
});

test("a field of another kind fails and is named with its interface", async () => {
  const get = (one: object) =>
    modelled("get_interfaces", getInterfaces, { "show interfaces": { interfaces: { Et1: one } } });
  await expect(get({ ...port, mtu: "9214" })).rejects.toThrow(
    '"9214\\"" is not a number, as Et1.mtu has to be',
  );
  await expect(get({ ...port, description: undefined })).rejects.toThrow("Et1.description");
  const replies = { "show version": {}, "show hostname": {}, "show interfaces": { interfaces: [] } };
  await expect(modelled("get_facts", getFacts, replies)).rejects.toThrow("interfaces");
});

test("counters that are not told are -1; subinterfaces have none", async () => {
  const interfaces = {
    "Ethernet1.5": { hardware: "subinterface" },
    Ethernet1: { hardware: "ethernet", interfaceCounters: { inOctets: 7 } },
  };
  const got = await modelled("get_interfaces_counters", getInterfacesCounters, {
    "show interfaces": { interfaces },
  });
  expect(got).toMatchObject({ Ethernet1: { rx_octets: 7, tx_octets: -1 } });
  expect(Object.keys(got as object)).toEqual(["Ethernet1"]);
});

test("the ARP table is that of all VRFs or of one", async () => {
  const entry = (address: string) => ({ interface: "Vlan5", hwAddress: "0011.2233.4455", address });
  const vrfs = {
    default: { ipV4Neighbors: [{ ...entry("192.0.2.1"), age: 60 }] },
    BLUE: { ipV4Neighbors: [entry("192.0.2.2")] },
    EMPTY: {},
  };
  const get = (args = {}) => modelled("get_arp_table", getArpTable, { "show arp vrf all": { vrfs } }, args);
  expect(await get()).toMatchObject([
    { ip: "192.0.2.1", age: 60 },
    { ip: "192.0.2.2", age: -1 },
  ]);
  expect(await get({ vrf: "BLUE" })).toMatchObject([{ ip: "192.0.2.2", mac: "00:11:22:33:44:55" }]);
});

test("neighbours of LLDP stand under their port; details have capabilities under the standard's names", async () => {
  const row = { port: "Ethernet1", neighborDevice: "spine1", neighborPort: "Ethernet49" };
  const rows = { lldpNeighbors: [row, { ...row, neighborDevice: "spine2" }] };
  expect(await modelled("get_lldp_neighbors", getLldpNeighbors, { "show lldp neighbors": rows })).toEqual({
    Ethernet1: [
      { hostname: "spine1", port: "Ethernet49" },
      { hostname: "spine2", port: "Ethernet49" },
    ],
  });
  const info = {
    chassisId: "0011.2233.4455",
    chassisIdType: "macAddress",
    systemCapabilities: { bridge: true, router: false },
    neighborInterfaceInfo: { interfaceId: '"Ethernet49"' },
  };
  const lldpNeighbors = {
    Ethernet1: { lldpNeighborInfo: [info, { chassisId: "spine9", chassisIdType: "hostname" }] },
    Ethernet2: { lldpNeighborInfo: [] },
  };
  const detail = await modelled("get_lldp_neighbors_detail", getLldpNeighborsDetail, {
    "show lldp neighbors  detail": { lldpNeighbors },
  });
  expect(detail).toMatchObject({
    Ethernet1: [
      {
        remote_port: "Ethernet49",
        remote_chassis_id: "00:11:22:33:44:55",
        remote_system_capab: ["bridge", "router"],
        remote_system_enable_capab: ["bridge"],
      },
      { remote_chassis_id: "spine9", remote_port: "", remote_system_capab: [] },
    ],
  });
  expect(Object.keys(detail as object)).toEqual(["Ethernet1"]);
});

test("a release that leaves the default VRF out has in it what no other VRF has", async () => {
  const address = { interfaceAddress: { primaryIp: { address: "192.0.2.1", maskLen: 24 } } };
  const replies = {
    "show vrf": { vrfs: { BLUE: { routeDistinguisher: "<not set>", interfaces: ["Vlan5"] } } },
    "show ip interface": { interfaces: { Vlan5: address, Vlan6: address } },
    "show ipv6 interface": { interfaces: {} },
  };
  const get = (args = {}) => modelled("get_network_instances", getNetworkInstances, replies, args);
  const blue = {
    type: "L3VRF",
    state: { route_distinguisher: "" },
    interfaces: { interface: { Vlan5: {} } },
  };
  expect(await get()).toMatchObject({
    BLUE: blue,
    default: { type: "DEFAULT_INSTANCE", interfaces: { interface: { Vlan6: {} } } },
  });
  expect(Object.keys((await get({ name: "BLUE" })) as object)).toEqual(["BLUE"]);
  expect(await get({ name: "RED" })).toEqual({});
});

test("addresses of the switch's table, VLANs and transceivers are told with what the device leaves out as 0", async () => {
  const entry = { macAddress: "00:11:22:33:44:55", interface: "Ethernet1", vlanId: 5 };
  const tableEntries = [
    { ...entry, entryType: "static" },
    { ...entry, entryType: "dynamic", moves: 2, lastMove: 1.5 },
  ];
  const table = { "show mac address-table": { unicastTable: { tableEntries } } };
  expect(await modelled("get_mac_address_table", getMacAddressTable, table)).toMatchObject([
    { static: true, moves: 0, last_move: 0, active: true, vlan: 5 },
    { static: false, moves: 2, last_move: 1.5 },
  ]);
  const vlans = { 5: { name: "users", interfaces: { Ethernet1: {}, Cpu: {} } } };
  expect(await modelled("get_vlans", getVlans, { "show vlan": { vlans } })).toEqual({
    5: { name: "users", interfaces: ["Ethernet1", "Cpu"] },
  });
  const interfaces = { Ethernet1: { rxPower: -3.5 }, Ethernet2: { txPower: null } };
  const optics = await modelled("get_optics", getOptics, { "show interfaces transceiver": { interfaces } });
  expect(optics).toMatchObject({
    Ethernet1: {
      physical_channels: {
        channel: [{ state: { input_power: { instant: -3.5 }, output_power: { instant: 0 } } }],
      },
    },
    Ethernet2: { physical_channels: { channel: [{ state: { output_power: { instant: 0 } } }] } },
  });
});
