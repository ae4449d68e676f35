import { expect, test } from "vitest";
import { getMacAddressTable } from "./mac-table.ts";
import { getOptics } from "./optics.ts";
import { get, INVALID } from "./test-replies.ts";
import { getVlans } from "./vlans.ts";

async function rows(table: string): Promise<unknown[][]> {
  const entries = (await get(getMacAddressTable, { "show mac-address-table": table })) as {
    vlan: number;
    interface: string;
    static: boolean;
  }[];
  return entries.map((one) => [one.vlan, one.interface, one.static]);
}

test.each([
  [
    "a router",
    `Destination Address  Address Type  VLAN  Destination Port
-------------------  ------------  ----  --------------------
0011.2233.4455          Dynamic       1     FastEthernet7
0011.2233.4456          Self          1     Vlan1
`,
    [
      [1, "FastEthernet7", false],
      [1, "Vlan1", true],
    ],
  ],
  [
    "a small switch",
    `          Mac Address Table
-------------------------------------------

Vlan    Mac Address       Type        Ports
----    -----------       --------    -----
 All    0100.0ccc.cccc    STATIC      CPU
   6    0011.2233.4455    DYNAMIC     Fa0/16
Total Mac Addresses for this criterion: 2
`,
    [
      [0, "", true],
      [6, "Fa0/16", false],
    ],
  ],
  [
    "a Catalyst 4500 with internal VLANs and several ports",
    `Unicast Entries
 vlan   mac address     type        protocols               port
-------+---------------+--------+---------------------+--------------------
 205    0011.2233.4455   dynamic ip,ipx,assigned,other GigabitEthernet8/8
Te5/1   0011.2233.4456    static ip,ipx,assigned,other Switch

Multicast Entries
 vlan    mac address     type    ports
-------+---------------+-------+--------------------------------------------
   1    ffff.ffff.ffff   system
  11    ffff.ffff.ffff   system Gi2/4,Switch
                                Gi2/41,Gi2/42
`,
    [
      [205, "GigabitEthernet8/8", false],
      [-1, "TenGigabitEthernet5/1", true],
      [1, "", true],
      [11, "Gi2/4", true],
      [11, "", true],
      [11, "Gi2/41", true],
      [11, "Gi2/42", true],
    ],
  ],
  [
    "a Catalyst 6500 with marks",
    `Legend: * - primary entry
  vlan   mac address     type    learn     age              ports
------+----------------+--------+-----+----------+--------------------------
*  999  0011.2233.4455   dynamic  Yes          0   Po1
*  ---  0000.0000.0000    static  No           -   Router
  R  N/A  0011.2233.4456   static   No       -      Router
`,
    [
      [999, "Po1", false],
      [0, "", true],
      [0, "", true],
    ],
  ],
])("the MAC table of %s", async (_, table, expected) => {
  expect(await rows(table)).toEqual(expected);
});

test("the newer command is asked where the older is not known, and names are made full where asked for", async () => {
  const table = "header\n----    ---\n   1    0011.2233.4455    DYNAMIC     Gi1/0/1\n";
  const entries = await get(
    getMacAddressTable,
    { "show mac address-table": table },
    {},
    { canonical_int: true },
  );
  expect(entries).toEqual([
    {
      mac: "00:11:22:33:44:55",
      interface: "GigabitEthernet1/0/1",
      vlan: 1,
      static: false,
      active: true,
      moves: -1,
      last_move: -1,
    },
  ]);
});

test("a line that is no entry fails with the line", async () => {
  await expect(rows("----\n   1    0011.2233.4455\n")).rejects.toThrow("0011.2233.4455");
  await expect(rows("----\nsomething new\n")).rejects.toThrow("something new");
});

const VLANS = `VLAN Name                             Status    Ports
---- -------------------------------- --------- -------------------------------
1    default                          active    Gi1/0/1, Po1
                                                Gi1/0/2
20   inactive users                   act/unsup

VLAN Type  SAID       MTU   Parent RingNo BridgeNo Stp  BrdgMode Trans1 Trans2
---- ----- ---------- ----- ------ ------ -------- ---- -------- ------ ------
1    enet  100001     1500  -      -      -        -    -        0      0
`;
const EXPECTED = {
  1: { name: "default", interfaces: ["GigabitEthernet1/0/1", "Port-channel1", "GigabitEthernet1/0/2"] },
  20: { name: "inactive users", interfaces: [] },
};

test("VLANs have all their ports", async () => {
  expect(await get(getVlans, { "show vlan all-ports": VLANS })).toEqual(EXPECTED);
});

test("a release that cannot list all ports is asked for each VLAN", async () => {
  const [heading = "", rule = "", one = "", more = "", twenty = ""] = VLANS.split("\n");
  const replies = {
    "show vlan brief": VLANS,
    "show vlan id 1": [heading, rule, one, more].join("\n"),
    "show vlan id 20": [heading, rule, twenty].join("\n"),
  };
  expect(await get(getVlans, replies)).toEqual(EXPECTED);
  await expect(get(getVlans, { ...replies, "show vlan id 1": VLANS })).rejects.toThrow("VLAN 1");
});

const optics = (port: string) => `++ : high alarm, +  : high warning, -  : low warning, -- : low alarm.
           Temperature  Voltage  Current   Tx Power  Rx Power
Port       (Celsius)    (Volts)  (mA)      (dBm)     (dBm)
---------  -----------  -------  --------  --------  --------
${port}     32.1       3.30      6.8      -2.4      -27.6 --
`;
const powers = (output: number, input: number, current: number) => ({
  physical_channels: {
    channel: [
      {
        index: 0,
        state: {
          output_power: { instant: output, avg: -100, min: -100, max: -100 },
          input_power: { instant: input, avg: -100, min: -100, max: -100 },
          laser_bias_current: { instant: current, avg: 0, min: 0, max: 0 },
        },
      },
    ],
  },
});

test("transceivers of two switches that act as one are asked for one by one", async () => {
  const replies = {
    "show interfaces transceiver": "% Incomplete command.\n",
    "show switch virtual": "Switch mode                  : Virtual Switch\n",
    "show interfaces transceiver switch 1": optics("Te1/1/1"),
    "show interfaces transceiver switch 2": optics("Te2/1/1"),
  };
  expect(await get(getOptics, replies)).toEqual({
    "TenGigabitEthernet1/1/1": powers(-2.4, -27.6, 6.8),
    "TenGigabitEthernet2/1/1": powers(-2.4, -27.6, 6.8),
  });
});

test("a port that is down has no power, and a router without the command no transceivers", async () => {
  const table =
    "---------  -----------  -------  --------  --------\nTe1/0/1      34.3       3.28      N/A      -40.0\n";
  expect(await get(getOptics, { "show interfaces transceiver": table })).toEqual({
    "TenGigabitEthernet1/0/1": powers(-100, -40, 0),
  });
  expect(await get(getOptics, { "show interfaces transceiver": INVALID })).toEqual({});
});
