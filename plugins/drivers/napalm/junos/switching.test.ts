import { expect, test } from "vitest";
import { get } from "./test-device.ts";

const usual = { active: true, moves: 0, last_move: 0 };

test("addresses are read in the words of each kind of device; flooding is no address", async () => {
  const switches =
    "<ethernet-switching-table-information><ethernet-switching-table><mac-table-entry><mac-address>*</mac-address></mac-table-entry>" +
    "<mac-table-entry><mac-address>00:05:86:71:a4:00</mac-address><mac-interface>ge-0/0/0.0</mac-interface><mac-vlan-tag>10</mac-vlan-tag><mac-type>Static</mac-type></mac-table-entry></ethernet-switching-table></ethernet-switching-table-information>";
  const l2ng =
    "<l2ng-l2ald-rtb-macdb><l2ng-l2ald-mac-entry-vlan><l2ng-l2-mac-address>00:05:86:71:a4:00</l2ng-l2-mac-address><l2ng-l2-mac-logical-interface>xe-0/0/0.0</l2ng-l2-mac-logical-interface><l2ng-l2-vlan-id>10</l2ng-l2-vlan-id></l2ng-l2ald-mac-entry-vlan></l2ng-l2ald-rtb-macdb>";
  const bridge =
    "<l2ald-rtb-macdb><l2ald-mac-entry><l2-mac-address>00:05:86:71:a4:00</l2-mac-address><l2-mac-logical-interface>ge-1/0/0.0</l2-mac-logical-interface><l2-bridge-vlan>10</l2-bridge-vlan></l2ald-mac-entry></l2ald-rtb-macdb>";
  const table = (style: string, rpc: string, reply: string) =>
    get("get_mac_address_table", { "fact switchStyle": style, [`${rpc} extensive`]: reply });
  const entry = (name: string, isStatic: boolean) => [
    { mac: "00:05:86:71:A4:00", interface: name, vlan: 10, static: isStatic, ...usual },
  ];
  const switching = "get-ethernet-switching-table-information";
  expect(await table("VLAN", switching, switches)).toEqual(entry("ge-0/0/0.0", true));
  expect(await table("VLAN_L2NG", switching, l2ng)).toEqual(entry("xe-0/0/0.0", false));
  expect(await table("BRIDGE_DOMAIN", "get-bridge-mac-table", bridge)).toEqual(entry("ge-1/0/0.0", false));
});

test("a device that switches nothing has learned nothing; another refusal is one", async () => {
  const refused = (words: string) =>
    get("get_mac_address_table", {
      "fact switchStyle": "BRIDGE_DOMAIN",
      "get-bridge-mac-table": `refused: ${words}`,
    });
  expect(await refused("the l2-learning subsystem is not running")).toEqual([]);
  await expect(refused("permission denied")).rejects.toThrow("permission denied");
});

test("VLANs have their interfaces without marks, and none where an empty element stands for them", async () => {
  const switches =
    "<vlan-information><vlan-terse/><vlan><vlan-tag>10</vlan-tag><vlan-name>ten</vlan-name><vlan-detail><vlan-member-list><vlan-member><vlan-member-interface>ge-0/0/0.0*</vlan-member-interface></vlan-member></vlan-member-list></vlan-detail></vlan><vlan><vlan-name>untagged</vlan-name></vlan></vlan-information>";
  const l2ng =
    "<vlan-information><l2ng-l2ald-vlan-instance-group><l2ng-l2rtb-vlan-tag>20</l2ng-l2rtb-vlan-tag><l2ng-l2rtb-vlan-name>twenty</l2ng-l2rtb-vlan-name><l2ng-l2rtb-vlan-member><l2ng-l2rtb-vlan-member-interface/></l2ng-l2rtb-vlan-member></l2ng-l2ald-vlan-instance-group></vlan-information>";
  const bridge =
    "<l2ald-bridge-instance-information><l2ald-bridge-instance-group><l2rtb-bridge-vlan>30</l2rtb-bridge-vlan><l2rtb-bridging-domain>thirty</l2rtb-bridging-domain><l2rtb-interface-name>None</l2rtb-interface-name></l2ald-bridge-instance-group></l2ald-bridge-instance-information>";
  const vlans = (style: string, rpc: string, reply: string) =>
    get("get_vlans", { "fact switchStyle": style, [rpc]: reply });
  expect(await vlans("VLAN", "get-vlan-information", switches)).toEqual({
    "10": { name: "ten", interfaces: ["ge-0/0/0.0"] },
  });
  expect(await vlans("VLAN_L2NG", "get-vlan-information", l2ng)).toEqual({
    "20": { name: "twenty", interfaces: [] },
  });
  expect(await vlans("BRIDGE_DOMAIN", "get-bridge-instance-information", bridge)).toEqual({
    "30": { name: "thirty", interfaces: [] },
  });
  expect(await get("get_vlans", { "fact switchStyle": "NONE" })).toEqual({});
});
