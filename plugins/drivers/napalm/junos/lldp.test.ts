import { expect, test } from "vitest";
import { runGetter } from "../getter.ts";
import { getLldpNeighborsDetail } from "./lldp.ts";
import { deviceOf, get } from "./test-device.ts";

const neighbours = (...all: string[]) =>
  `<lldp-neighbors-information>${all
    .map((one) => `<lldp-neighbor-information>${one}</lldp-neighbor-information>`)
    .join("")}</lldp-neighbors-information>`;
const brief = neighbours(
  "<lldp-local-port-id>xe-0/0/0</lldp-local-port-id><lldp-remote-port-id>Ethernet1</lldp-remote-port-id><lldp-remote-port-description>to r1</lldp-remote-port-description><lldp-remote-system-name>sw1</lldp-remote-system-name>",
  "<lldp-local-interface>ge-0/0/1.0</lldp-local-interface><lldp-remote-port-description>to r1</lldp-remote-port-description>",
);
const detail = neighbours(
  "<lldp-local-parent-interface-name>ae0.0</lldp-local-parent-interface-name><lldp-remote-chassis-id>00:1c:73:ee:c0:46</lldp-remote-chassis-id><lldp-remote-system-capabilities-supported>Bridge WLAN Access Point Router Station Only </lldp-remote-system-capabilities-supported><lldp-system-description><lldp-remote-system-description>a switch</lldp-remote-system-description></lldp-system-description>",
);
const ALL = "get-lldp-neighbors-information";

test("a neighbour's port goes by its identity, or else by its description", async () => {
  expect(await get("get_lldp_neighbors", { [ALL]: brief })).toEqual({
    "xe-0/0/0": [{ hostname: "sw1", port: "Ethernet1" }],
    "ge-0/0/1.0": [{ hostname: "None", port: "to r1" }],
  });
});

test("a device that does not speak LLDP has no neighbours", async () => {
  expect(await get("get_lldp_neighbors", { [ALL]: null })).toEqual({});
  expect(await get("get_lldp_neighbors_detail", { [ALL]: null, "fact switchStyle": "NONE" })).toEqual({});
});

test("each interface is asked by the kind of request that the device knows", async () => {
  const device = deviceOf({
    [ALL]: brief,
    "fact switchStyle": "VLAN",
    "get-lldp-interface-neighbors-information": null,
    "get-lldp-interface-neighbors": detail,
  });
  const found = await runGetter(getLldpNeighborsDetail, { args: {}, now: 0 }, device.ask);
  expect(found).toMatchObject({
    "xe-0/0/0": [
      {
        parent_interface: "ae0.0",
        remote_chassis_id: "00:1C:73:EE:C0:46",
        remote_port: "",
        remote_system_name: "",
        remote_system_description: "a switch",
        remote_system_capab: ["bridge", "router", "station", "wlan-access-point"],
        remote_system_enable_capab: [],
      },
    ],
    "ge-0/0/1.0": [{}],
  });
  expect(device.asked.slice(2)).toEqual([
    "get-lldp-interface-neighbors-information interface-name=xe-0/0/0",
    "get-lldp-interface-neighbors interface-device=xe-0/0/0",
    "get-lldp-interface-neighbors interface-device=ge-0/0/1.0",
  ]);
});

test("only the interface that is asked for is looked at; another refusal is one", async () => {
  const args = { interface: "xe-0/0/0" };
  const device = { "fact switchStyle": "NONE", "get-lldp-interface-neighbors": neighbours() };
  expect(await get("get_lldp_neighbors_detail", device, args)).toEqual({});
  await expect(
    get(
      "get_lldp_neighbors_detail",
      { ...device, "get-lldp-interface-neighbors": "refused: permission denied" },
      args,
    ),
  ).rejects.toThrow("permission denied");
});
