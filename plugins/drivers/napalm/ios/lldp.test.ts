import { expect, test } from "vitest";
import { getLldpNeighbors, getLldpNeighborsDetail } from "./lldp.ts";
import { get } from "./test-replies.ts";

const neighbour = (head: string, name: string) => `------------------------------------------------
${head}Chassis id: 0011.2233.4455
Port id: Gi0/2
Port Description - not advertised
System Name${name}

System Description:
Cisco IOS Software, C2960 Software
Technical Support: http://www.cisco.com/techsupport

Time remaining: 115 seconds
System Capabilities: B,R
Enabled Capabilities: B
Management Addresses:
    IP: 192.0.2.1
`;

test("a neighbour is told in detail, by the full name of the local interface", async () => {
  const detail = neighbour("Local Intf: Gi1\n", ": sw2.example.net");
  expect(await get(getLldpNeighborsDetail, { "show lldp neighbors detail": detail })).toEqual({
    GigabitEthernet1: [
      {
        parent_interface: "",
        remote_port: "Gi0/2",
        remote_port_description: "",
        remote_chassis_id: "00:11:22:33:44:55",
        remote_system_name: "sw2.example.net",
        remote_system_description: "Cisco IOS Software, C2960 Software",
        remote_system_capab: ["bridge", "router"],
        remote_system_enable_capab: ["bridge"],
      },
    ],
  });
});

const BRIEF = `Capability codes:
    (R) Router, (B) Bridge

Device ID           Local Intf     Hold-time  Capability      Port ID
sw2 with blanks     Gi0/1          120        B,R             Gi0/2
sw3                 Gi0/1          120        B               Gi0/2

Total entries displayed: 2
`;

test("releases that do not tell the local interface in detail tell it in the table, in the same order", async () => {
  const detail = neighbour("", ": sw2 with blanks") + neighbour("", " - not advertised");
  const replies = { "show lldp neighbors detail": detail, "show lldp neighbors": BRIEF };
  expect(await get(getLldpNeighbors, replies)).toEqual({
    "GigabitEthernet0/1": [
      { hostname: "sw2 with blanks", port: "Gi0/2" },
      { hostname: "00:11:22:33:44:55", port: "Gi0/2" },
    ],
  });
});

test("a table of other neighbours than the detail is not put together with it", async () => {
  const replies = { "show lldp neighbors detail": neighbour("", ": sw2"), "show lldp neighbors": BRIEF };
  await expect(get(getLldpNeighbors, replies)).rejects.toThrow("1 LLDP neighbours");
});

test("where LLDP is off there is no neighbour", async () => {
  expect(await get(getLldpNeighbors, { "show lldp neighbors detail": "% LLDP is not enabled\n" })).toEqual(
    {},
  );
});
