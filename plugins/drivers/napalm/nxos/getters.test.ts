import { expect, test } from "vitest";
import { modelOf } from "../models.ts";
import { getBgpNeighbors } from "./bgp-neighbours.ts";
import { getEnvironment } from "./environment.ts";
import { getFacts } from "./facts.ts";
import { nxosGetters } from "./getters.ts";
import { getInterfaces } from "./interfaces.ts";
import { getInterfacesIp } from "./interfaces-ip.ts";
import { getArpTable, getMacAddressTable } from "./neighbours.ts";
import { getNetworkInstances } from "./network-instances.ts";
import { getNtpPeers, getNtpServers, getNtpStats } from "./ntp.ts";
import { answered } from "./test-replies.ts";
import { getVlans } from "./vlans.ts";

test("every getter has a model to hold it to", () => {
  expect(Object.keys(nxosGetters).filter((name) => !modelOf(name))).toEqual([]);
});

test("facts come from version, inventory and interfaces; the chassis may be named in quotes", async () => {
  const replies = {
    "show inventory": {
      TABLE_inv: { ROW_inv: [{ name: '"Chassis"', serialnum: "S1" }, { name: "Slot 1" }] },
    },
    "show version": {
      chassis_id: "C9300v",
      host_name: "n9k1",
      sys_ver_str: "9.3(8)",
      kern_uptm_days: 1,
      kern_uptm_mins: "2",
    },
    "show interface": {
      TABLE_interface: { ROW_interface: [{ interface: "mgmt0" }, { interface: "Ethernet1/1" }] },
    },
    "show hostname": { hostname: "n9k1.lab" },
  };
  expect(await answered(getFacts, replies)).toEqual({
    vendor: "Cisco",
    model: "C9300v",
    serial_number: "S1",
    os_version: "9.3(8)",
    hostname: "n9k1",
    fqdn: "n9k1.lab",
    uptime: 86_520,
    interface_list: ["mgmt0", "Ethernet1/1"],
  });
});

test("ports and VLAN interfaces tell the same under other names; times are counted back from now", async () => {
  const rows = [
    {
      interface: "Ethernet1/1",
      state: "up",
      admin_state: "up",
      desc: '"x"',
      eth_mtu: "9216",
      eth_bw: ["10000000"],
      eth_hw_addr: "0011.2233.4455",
      eth_link_flapped: "1week(s) 2day(s)",
    },
    {
      interface: "Vlan10",
      svi_admin_state: "down",
      svi_desc: "users",
      svi_mtu: 1500,
      svi_bw: 1_000_000,
      svi_mac: " 0011.2233.4456 ",
    },
  ];
  const found = await answered(
    getInterfaces,
    { "show interface": { TABLE_interface: { ROW_interface: rows } } },
    {},
    1e9,
  );
  expect(found).toEqual({
    "Ethernet1/1": {
      is_up: true,
      is_enabled: true,
      description: "x",
      last_flapped: 1e9 - 9 * 86_400,
      mtu: 9216,
      speed: 10_000,
      mac_address: "00:11:22:33:44:55",
    },
    Vlan10: {
      is_up: false,
      is_enabled: false,
      description: "users",
      last_flapped: -1,
      mtu: 1500,
      speed: 1000,
      mac_address: "00:11:22:33:44:56",
    },
  });
});

test("an unnumbered interface has the address of the one that lends it; secondary addresses count", async () => {
  const replies = {
    "show ip interface": {
      TABLE_intf: [
        {
          ROW_intf: {
            "intf-name": "lo0",
            prefix: "10.0.0.1",
            masklen: "32",
            TABLE_secondary_address: { ROW_secondary_address: { prefix1: "10.0.1.1", masklen1: 24 } },
          },
        },
        { ROW_intf: { "intf-name": "Ethernet1/1", "unnum-intf": "lo0" } },
      ],
    },
    "show ipv6 interface": {
      TABLE_intf: {
        ROW_intf: [
          { "intf-name": "lo0", addr: "2001:DB8::1", prefix: "2001:db8::/64" },
          { "intf-name": "lo1", TABLE_addr: { ROW_addr: [{ addr: "2001:db8:1::1/128" }] } },
        ],
      },
    },
  };
  expect(await answered(getInterfacesIp, replies)).toEqual({
    lo0: {
      ipv4: { "10.0.0.1": { prefix_length: 32 }, "10.0.1.1": { prefix_length: 24 } },
      ipv6: { "2001:db8::1": { prefix_length: 64 } },
    },
    "Ethernet1/1": { ipv4: { "10.0.0.1": { prefix_length: 32 } } },
    lo1: { ipv6: { "2001:db8:1::1": { prefix_length: 128 } } },
  });
});

test("a device that does not route IPv6 still tells its IPv4 addresses", async () => {
  const replies = {
    "show ip interface": {
      TABLE_intf: { ROW_intf: { "intf-name": "mgmt0", prefix: "192.0.2.1", masklen: 24 } },
    },
  };
  expect(await answered(getInterfacesIp, replies)).toEqual({
    mgmt0: { ipv4: { "192.0.2.1": { prefix_length: 24 } } },
  });
});

const neighbour = { neighborid: "10.0.0.2", neighboras: "1.100", state: "Established", prefixreceived: "13" };
const vrf = (name: string, saf: object) => ({
  "vrf-name-out": name,
  "vrf-router-id": "10.0.0.1",
  "vrf-local-as": "65000",
  TABLE_af: { ROW_af: { "af-id": "25", TABLE_saf: { ROW_saf: saf } } },
});
const bgp = (...rows: object[]) => ({ "show bgp all summary vrf all": { TABLE_vrf: { ROW_vrf: rows } } });

test("BGP neighbours stand by VRF with their address family, and AS numbers may be dotted", async () => {
  const saf = { safi: "70", TABLE_neighbor: { ROW_neighbor: neighbour } };
  expect(await answered(getBgpNeighbors, bgp(vrf("default", saf), vrf("red", { safi: "70" })))).toMatchObject(
    {
      global: {
        router_id: "10.0.0.1",
        peers: {
          "10.0.0.2": {
            remote_as: 65_636,
            local_as: 65_000,
            is_up: true,
            address_family: { l2vpn: { received_prefixes: 13 } },
          },
        },
      },
      red: { peers: {} },
    },
  );
});

test("where BGP does not run there are no neighbours; a state that is not known is told and not guessed", async () => {
  expect(await answered(getBgpNeighbors, {})).toEqual({});
  const saf = { safi: 70, TABLE_neighbor: { ROW_neighbor: { ...neighbour, state: "Dreaming" } } };
  await expect(answered(getBgpNeighbors, bgp(vrf("default", saf)))).rejects.toThrow("Dreaming");
});

test.each([
  ["00:09:43", 583],
  ["0.411797", 0.4],
  ["-", -1],
])("the age %s of an ARP entry is %d s", async (age, seconds) => {
  const row = { "ip-addr-out": "10.0.0.2", mac: "000a.000a.000a", "time-stamp": age, "intf-out": "Vlan10" };
  const replies = { "show ip arp": { TABLE_vrf: { ROW_vrf: { TABLE_adj: { ROW_adj: row } } } } };
  expect(await answered(getArpTable, replies)).toEqual([
    { interface: "Vlan10", ip: "10.0.0.2", mac: "00:0A:00:0A:00:0A", age: seconds },
  ]);
});

test("an empty ARP table is empty", async () => {
  expect(await answered(getArpTable, { "show ip arp": null })).toEqual([]);
});

test("an address of the switch itself has VLAN 0", async () => {
  const row = {
    disp_mac_addr: "5087.89a1.de75",
    disp_port: "sup-eth1(R)",
    disp_vlan: "-",
    disp_is_static: "enabled",
  };
  expect(
    await answered(getMacAddressTable, {
      "show mac address-table": { TABLE_mac_address: { ROW_mac_address: row } },
    }),
  ).toEqual([
    {
      mac: "50:87:89:A1:DE:75",
      interface: "sup-eth1(R)",
      vlan: 0,
      active: true,
      static: true,
      moves: 0,
      last_move: 0,
    },
  ]);
});

test("NTP peers and servers stand in one table; a * marks the one that the clock follows", async () => {
  const rows = [
    { PeerIPAddress: "192.0.2.1 ", serv_peer: "Server " },
    { PeerIPAddress: "2001:DB8::1", serv_peer: "Peer" },
  ];
  const replies = {
    "show ntp peers": { TABLE_peers: { ROW_peers: rows } },
    "show ntp peer-status": {
      TABLE_peersstatus: {
        ROW_peersstatus: {
          syncmode: "*",
          remote: "192.0.2.1",
          st: "2",
          poll: 64,
          reach: "377",
          delay: "0.05",
        },
      },
    },
  };
  expect(await answered(getNtpServers, replies)).toEqual({ "192.0.2.1": {} });
  expect(await answered(getNtpPeers, replies)).toEqual({ "2001:db8::1": {} });
  expect(await answered(getNtpStats, replies)).toMatchObject([
    { remote: "192.0.2.1", synchronized: true, stratum: 2, hostpoll: 64, reachability: 377, delay: 0.05 },
  ]);
});

test("VRFs have their interfaces; one may be asked for", async () => {
  const replies = {
    "show vrf detail": {
      TABLE_vrf: {
        ROW_vrf: [
          { vrf_name: "default", rd: "0:0" },
          { vrf_name: "red", rd: "1:1" },
        ],
      },
    },
    "show vrf interface": { TABLE_if: { ROW_if: { if_name: "mgmt0", vrf_name: "red" } } },
  };
  const red = {
    name: "red",
    type: "L3VRF",
    state: { route_distinguisher: "1:1" },
    interfaces: { interface: { mgmt0: {} } },
  };
  expect(await answered(getNetworkInstances, replies)).toMatchObject({
    default: { type: "DEFAULT_INSTANCE" },
    red,
  });
  expect(await answered(getNetworkInstances, replies, { name: "red" })).toEqual({ red });
});

test("ranges of ports are written out, and long lists come in pieces", async () => {
  const rows = [
    {
      "vlanshowbr-vlanid": "1",
      "vlanshowbr-vlanname": "default",
      "vlanshowplist-ifidx": ["port-channel1-2,Ethernet1/3", "Ethernet101/1/4-5"],
    },
    { "vlanshowbr-vlanid": "x", "vlanshowbr-vlanid-utf": 2, "vlanshowbr-vlanname": "users" },
  ];
  expect(
    await answered(getVlans, { "show vlan brief": { TABLE_vlanbriefxbrief: { ROW_vlanbriefxbrief: rows } } }),
  ).toEqual({
    1: {
      name: "default",
      interfaces: ["Port-channel1", "Port-channel2", "Ethernet1/3", "Ethernet101/1/4", "Ethernet101/1/5"],
    },
    2: { name: "users", interfaces: [""] },
  });
});

const environment = (powersup: object) => ({
  "show environment": {
    powersup,
    fandetails_3k: {
      TABLE_faninfo: {
        ROW_faninfo: [
          { fanname: "Fan1", fanstatus: "Ok" },
          { fanname: "Fan_in_PS1", fanstatus: "Ok" },
        ],
      },
    },
    TABLE_tempinfo: {
      ROW_tempinfo: [
        { tempmod: "1 ", sensor: "CPU ", curtemp: "95 ", majthres: "90 ", alarmstatus: "Ok " },
        { tempmod: "1", sensor: "CPU", curtemp: 30, majthres: 90, alarmstatus: "Alarm" },
        { tempmod: "2", sensor: "CPU", curtemp: 30, majthres: 90 },
      ],
    },
  },
  "show processes cpu": { TABLE_cpu_util: { ROW_cpu_util: { idle_percent: "99.25" } } },
  "show processes memory shared": {
    TABLE_process_tag: {
      ROW_process_tag: {
        "process-memory-share-total-shm-avail": 417,
        "process-memory-share-total-shm-used": "45",
      },
    },
  },
});

test("an environment has fans of the chassis, sensors by module, and shared memory", async () => {
  const psinfo = {
    TABLE_psinfo: {
      ROW_psinfo: [{ psnum: 1, psmodel: "N2200-PAC-400W", ps_status: "Ok", watts: " 396.00" }],
    },
  };
  expect(await answered(getEnvironment, environment(psinfo))).toEqual({
    fans: { Fan1: { status: true } },
    temperature: {
      "1-1 CPU": { temperature: 95, is_alert: false, is_critical: true },
      "1-2 CPU": { temperature: 30, is_alert: true, is_critical: false },
      "2-1 CPU": { temperature: 30, is_alert: false, is_critical: false },
    },
    power: { 1: { status: true, output: 396, capacity: 400 } },
    cpu: { 0: { "%usage": 0.75 } },
    memory: { available_ram: 417_000, used_ram: 45_000 },
  });
});

test("some platforms list power supplies without numbers and under names of their own", async () => {
  const psinfo = {
    TABLE_psinfo_n3k: [
      { ROW_psinfo_n3k: { ps_status_3k: "fail", actual_out: "   98 W", tot_capa: "  400 W" } },
      { ROW_psinfo_n3k: { ps_status_3k: "ok", actual_out: "0 W", tot_capa: "400 W" } },
    ],
  };
  expect(await answered(getEnvironment, environment(psinfo))).toMatchObject({
    power: { 1: { status: false, output: 98, capacity: 400 }, 2: { status: true, output: 0 } },
  });
});

test("a reply of another shape fails and names the field", async () => {
  const replies = {
    "show vlan brief": { TABLE_vlanbriefxbrief: { ROW_vlanbriefxbrief: { "vlanshowbr-vlanid": "1" } } },
  };
  await expect(answered(getVlans, replies)).rejects.toThrow("vlanshowbr-vlanname");
});
