import { expect, test } from "vitest";
import { runGetter } from "../getter.ts";
import { factGatherers } from "./facts.ts";
import type { FactName, JunosRequest } from "./request.ts";
import { deviceOf, type Replies } from "./test-device.ts";

async function fact(name: FactName, replies: Replies): Promise<unknown> {
  return runGetter<JunosRequest, unknown, unknown>(
    factGatherers[name],
    { args: {}, now: 0 },
    deviceOf(replies).ask,
  );
}

const software = (name: string, version = "<junos-version>21.4R3.15</junos-version>") =>
  `<software-information><host-name>${name}</host-name><product-model>mx204</product-model>${version}</software-information>`;
const inventory =
  "<chassis-inventory><chassis><name>Chassis</name><serial-number>BB1</serial-number></chassis></chassis-inventory>";
const domain = "<configuration><system><domain-name>example.net</domain-name></system></configuration>";
const rest: Replies = { "get-chassis-inventory": inventory, "configuration system/domain-name": domain };

test("identity: name, model in capitals, version, serial number and the configured domain", async () => {
  expect(await fact("identity", { "get-software-information": software("r1"), ...rest })).toEqual({
    hostname: "r1",
    fqdn: "r1.example.net",
    model: "MX204",
    serialNumber: "BB1",
    version: "21.4R3.15",
  });
});

test("an older release has its version in the comment of a package", async () => {
  const old =
    "<package-information><name>junos</name><comment>JUNOS Base OS boot [12.3R12.4]</comment></package-information>";
  const oldest =
    "<package-information><name>JUNOS version</name><comment>JUNOS version 11.1R1</comment></package-information>";
  expect(await fact("identity", { "get-software-information": software("r1", old), ...rest })).toMatchObject({
    version: "12.3R12.4",
  });
  expect(
    await fact("identity", { "get-software-information": software("r1", oldest), ...rest }),
  ).toMatchObject({
    version: "11.1R1",
  });
});

test("of several routing engines the master's name counts", async () => {
  const member = (name: string, host: string) =>
    `<multi-routing-engine-item><re-name>${name}</re-name>${software(host)}</multi-routing-engine-item>`;
  const engine = (name: string, state: string) =>
    `<multi-routing-engine-item><re-name>${name}</re-name><route-engine-information><route-engine><slot>0</slot><mastership-state>${state}</mastership-state></route-engine></route-engine-information></multi-routing-engine-item>`;
  const several = (items: string) => `<multi-routing-engine-results>${items}</multi-routing-engine-results>`;
  const replies = {
    "get-software-information": several(member("fpc0", "backup") + member("fpc1", "leader")),
    "get-route-engine-information": several(engine("fpc0", "backup") + engine("fpc1", "master")),
    ...rest,
  };
  expect(await fact("identity", replies)).toMatchObject({ hostname: "leader" });
});

test("without a configured domain the resolver's counts; what may not be asked for is left out", async () => {
  const replies = {
    "get-software-information": software("r1"),
    "get-chassis-inventory": null,
    "configuration system/domain-name": null,
    "file-show filename=/etc/resolv.conf":
      "<file-content>\ndomain lab.example\nnameserver 192.0.2.1\n</file-content>",
  };
  expect(await fact("identity", replies)).toMatchObject({ fqdn: "r1.lab.example", serialNumber: "" });
});

test("uptime counts from the start of the system; -1 where it is not told", async () => {
  const told =
    '<system-uptime-information><system-booted-time><date-time/><time-length seconds="4380">1:13</time-length></system-booted-time></system-uptime-information>';
  expect(await fact("uptime", { "get-system-uptime-information": told })).toBe(4380);
  expect(await fact("uptime", { "get-system-uptime-information": "<system-uptime-information/>" })).toBe(-1);
});

test("the style of switching shows in the name of the table", async () => {
  const ask = (table: string | null, bridge: string | null) =>
    fact("switchStyle", {
      "get-ethernet-switching-table-information": table,
      "command show bridge mac-table count": bridge,
    });
  expect(await ask("<l2ng-l2ald-rtb-macdb/>", null)).toBe("VLAN_L2NG");
  expect(await ask("<ethernet-switching-table-information/>", null)).toBe("VLAN");
  expect(await ask(null, "<l2ald-rtb-mac-count/>")).toBe("BRIDGE_DOMAIN");
  expect(await ask(null, "refused: the l2-learning subsystem is not running")).toBe("BRIDGE_DOMAIN");
  expect(await ask(null, null)).toBe("NONE");
});

test("a cluster is a device that tells the status of one", async () => {
  const status = "<chassis-cluster-status><cluster-id>1</cluster-id></chassis-cluster-status>";
  expect(await fact("srxCluster", { "get-chassis-cluster-status": status })).toBe(true);
  expect(
    await fact("srxCluster", { "get-chassis-cluster-status": "<error><message>no</message></error>" }),
  ).toBe(false);
  expect(await fact("srxCluster", { "get-chassis-cluster-status": null })).toBe(false);
});
