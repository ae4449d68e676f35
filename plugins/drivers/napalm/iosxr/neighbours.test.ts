import { expect, test } from "vitest";
import { get } from "./test-router.ts";

test("entries of all nodes are in the ARP table; an age that is not told is -1", async () => {
  const entry = (address: string, age: string) =>
    `<Entry><InterfaceName>BVI1</InterfaceName><Address>${address}</Address><HardwareAddress>aabb.cc00.0100</HardwareAddress>${age}</Entry>`;
  const response = `<Get><Operational><ARP><NodeTable><Node><EntryTable>${entry("10.0.0.2", "<Age>12.5</Age>")}</EntryTable></Node>
    <Node><EntryTable>${entry("10.0.0.3", "<Age/>")}</EntryTable></Node></NodeTable></ARP></Operational></Get>`;
  expect(await get("get_arp_table", { "Get/Operational/ARP": response })).toEqual([
    { interface: "BVI1", mac: "AA:BB:CC:00:01:00", ip: "10.0.0.2", age: 12.5 },
    { interface: "BVI1", mac: "AA:BB:CC:00:01:00", ip: "10.0.0.3", age: -1 },
  ]);
});

const printed = `Wed Nov 25 10:00:00.000 UTC
Capability codes:
        (R) Router, (B) Bridge

Device ID       Local Intf          Hold-time  Capability     Port ID
core1           Gi0/0/0/0           120        R              Eth1/1
core2           Gi0/0/0/0           120        B,R            Eth1/2
silent          Gi0/0/0/1           120                       aa01

Total entries displayed: 3
`;

test("LLDP neighbours are read below the heading, also where one tells no capabilities", async () => {
  const response = `<CLI><Exec>${printed}</Exec></CLI>`;
  expect(await get("get_lldp_neighbors", { "CLI/Exec show lldp neighbors": response })).toEqual({
    "Gi0/0/0/0": [
      { hostname: "core1", port: "Eth1/1" },
      { hostname: "core2", port: "Eth1/2" },
    ],
    "Gi0/0/0/1": [{ hostname: "silent", port: "aa01" }],
  });
});

test("a router that prints no table of neighbours has none", async () => {
  const response = "<CLI><Exec>% LLDP is not enabled</Exec></CLI>";
  expect(await get("get_lldp_neighbors", { "CLI/Exec show lldp neighbors": response })).toEqual({});
});

const neighbour = (local: string, chassis: string) =>
  `<Entry><ReceivingInterfaceName>${local}</ReceivingInterfaceName><ChassisID>${chassis}</ChassisID><PortIDDetail>Eth1/5</PortIDDetail>
   <Detail><SystemName>core1</SystemName><SystemCapabilities>B, R</SystemCapabilities><EnabledCapabilities>R</EnabledCapabilities></Detail></Entry>`;
const detailed = {
  "Get/Operational/LLDP/NodeTable": `<Get><Operational><LLDP><NodeTable><Node><Neighbors><DetailTable><Detail>
    ${neighbour("Gi0/0/0/0", "0011.2233.4455")}${neighbour("Gi0/0/0/1", "rack-7")}
    </Detail></DetailTable></Neighbors></Node></NodeTable></LLDP></Operational></Get>`,
};

test("a chassis that has no MAC address keeps its name", async () => {
  expect(await get("get_lldp_neighbors_detail", detailed)).toMatchObject({
    "Gi0/0/0/0": [
      {
        parent_interface: "",
        remote_chassis_id: "00:11:22:33:44:55",
        remote_system_capab: ["bridge", "router"],
        remote_system_enable_capab: ["router"],
      },
    ],
    "Gi0/0/0/1": [{ remote_chassis_id: "rack-7" }],
  });
});

test("neighbours of one interface can be asked for", async () => {
  const model = await get("get_lldp_neighbors_detail", detailed, { interface: "Gi0/0/0/1" });
  expect(Object.keys(model as object)).toEqual(["Gi0/0/0/1"]);
});

test("only a bridge domain that is named after a VLAN tells which one it is", async () => {
  const entry = (domain: string) =>
    `<L2FIBMACDetail><Naming><Name>${domain}</Name><Address>0011.2233.4455</Address></Naming>
     <Segment><AC><InterfaceHandle>Te0/0/0/1</InterfaceHandle></AC></Segment></L2FIBMACDetail>`;
  const model = await get("get_mac_address_table", {
    "Get/Operational/L2VPNForwarding": `<Get><L2FIBMACDetailTable>${entry("vlan7")}${entry("customers")}</L2FIBMACDetailTable></Get>`,
  });
  expect(model).toMatchObject([{ vlan: 7, mac: "00:11:22:33:44:55", interface: "Te0/0/0/1" }, { vlan: 0 }]);
});
