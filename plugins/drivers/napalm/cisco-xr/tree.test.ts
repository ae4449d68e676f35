import { expect, test } from "vitest";
import { writeXml } from "../../../../src/device/xml/index.ts";
import { treeOf } from "./tree.ts";

test("a path is elements within each other, a list repeats its last element", () => {
  const tree = treeOf("Get/Operational", { "A/B": [1, { C: "x & y" }], D: "" });
  expect(writeXml(tree)).toBe(
    "<Get><Operational><A><B>1</B></A><A><B><C>x &amp; y</C></B></A><D/></Operational></Get>",
  );
});

test("a name with its module begins the module's namespace", () => {
  expect(writeXml(treeOf("Cisco-IOS-XR-ip-ntp-cfg:ntp/peer-vrfs"))).toBe(
    '<ntp xmlns="http://cisco.com/ns/yang/Cisco-IOS-XR-ip-ntp-cfg"><peer-vrfs/></ntp>',
  );
  expect(writeXml(treeOf("Cisco-IOS-XR-sysadmin-envmon-ui:environment"))).toContain(
    "http://www.cisco.com/ns",
  );
  expect(writeXml(treeOf("ietf-yang-library:yang-library"))).toContain("urn:ietf:params:xml:ns:yang:ietf");
});
