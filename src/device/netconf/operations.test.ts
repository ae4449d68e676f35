import { describe, expect, test } from "vitest";
import { element, writeXml } from "../xml/index.ts";
import type { NetconfClient } from "./client.ts";
import { obedientDevice } from "./test-device.ts";

const everything = [
  ":candidate:1.0",
  ":startup:1.0",
  ":writable-running:1.0",
  ":confirmed-commit:1.1",
  ":validate:1.1",
  ":rollback-on-error:1.0",
  ":url:1.0",
  ":xpath:1.0",
  ":with-defaults:1.0",
];
const settings = '<s xmlns="urn:s"><a>1</a></s>';

type Call = (client: NetconfClient) => Promise<unknown>;
/** An operation, what is sent for it, and the capabilities that it needs. */
const table: readonly (readonly [sent: string, needs: readonly string[], call: Call])[] = [
  ["<get/>", [], (c) => c.get()],
  [
    `<get><filter type="subtree">${settings}<t/></filter></get>`,
    [],
    (c) => c.get({ filter: { subtree: `<?xml version="1.0"?>${settings}<t/>` } }),
  ],
  [
    '<get-config><source><running/></source><filter xmlns:p="urn:p" type="xpath" select="/p:a[b=&quot;1&quot;]"/></get-config>',
    [":xpath"],
    (c) => c.getConfig({ source: "running", filter: { xpath: '/p:a[b="1"]', namespaces: { p: "urn:p" } } }),
  ],
  [
    '<get-config><source><candidate/></source><with-defaults xmlns="urn:ietf:params:xml:ns:yang:ietf-netconf-with-defaults">trim</with-defaults></get-config>',
    [":candidate", ":with-defaults"],
    (c) => c.getConfig({ source: "candidate", withDefaults: "trim" }),
  ],
  [
    `<edit-config><target><candidate/></target><default-operation>none</default-operation><test-option>test-then-set</test-option><error-option>rollback-on-error</error-option><config xmlns:nc="urn:ietf:params:xml:ns:netconf:base:1.0">${settings}</config></edit-config>`,
    [":candidate", ":validate", ":rollback-on-error"],
    (c) =>
      c.editConfig({
        target: "candidate",
        config: settings,
        defaultOperation: "none",
        testOption: "test-then-set",
        errorOption: "rollback-on-error",
      }),
  ],
  [
    '<edit-config><target><running/></target><config xmlns:nc="urn:ietf:params:xml:ns:netconf:base:1.0"><a nc:operation="delete"/></config></edit-config>',
    [":writable-running"],
    (c) => c.editConfig({ target: "running", config: element("a", { "nc:operation": "delete" }) }),
  ],
  [
    "<edit-config><target><candidate/></target><test-option>test-only</test-option><url>file:///c.xml</url></edit-config>",
    [":candidate", ":validate:1.1", ":url"],
    (c) => c.editConfig({ target: "candidate", config: { url: "file:///c.xml" }, testOption: "test-only" }),
  ],
  [
    "<copy-config><target><startup/></target><source><running/></source></copy-config>",
    [":startup"],
    (c) => c.copyConfig("running", "startup"),
  ],
  [
    `<copy-config><target><candidate/></target><source><config xmlns:nc="urn:ietf:params:xml:ns:netconf:base:1.0">${settings}</config></source></copy-config>`,
    [":candidate"],
    (c) => c.copyConfig({ config: settings }, "candidate"),
  ],
  [
    "<delete-config><target><startup/></target></delete-config>",
    [":startup"],
    (c) => c.deleteConfig("startup"),
  ],
  ["<lock><target><candidate/></target></lock>", [":candidate"], (c) => c.lock("candidate")],
  ["<unlock><target><running/></target></unlock>", [], (c) => c.unlock("running")],
  [
    "<validate><source><candidate/></source></validate>",
    [":validate", ":candidate"],
    (c) => c.validate("candidate"),
  ],
  ["<commit/>", [":candidate"], (c) => c.commit()],
  [
    "<commit><confirmed/><confirm-timeout>90</confirm-timeout></commit>",
    [":candidate", ":confirmed-commit"],
    (c) => c.commit({ confirmed: true, confirmTimeoutSeconds: 90 }),
  ],
  [
    "<commit><confirmed/><persist>job-1</persist></commit>",
    [":candidate", ":confirmed-commit", ":confirmed-commit:1.1"],
    (c) => c.commit({ confirmed: true, persist: "job-1" }),
  ],
  [
    "<commit><persist-id>job-1</persist-id></commit>",
    [":candidate", ":confirmed-commit:1.1"],
    (c) => c.commit({ persistId: "job-1" }),
  ],
  [
    "<cancel-commit><persist-id>job-1</persist-id></cancel-commit>",
    [":candidate", ":confirmed-commit:1.1"],
    (c) => c.cancelCommit("job-1"),
  ],
  ["<cancel-commit/>", [":candidate", ":confirmed-commit:1.1"], (c) => c.cancelCommit()],
  ["<discard-changes/>", [":candidate"], (c) => c.discardChanges()],
  ["<kill-session><session-id>12</session-id></kill-session>", [], (c) => c.killSession("12")],
  [
    '<get-route xmlns="urn:junos"><extensive/></get-route>',
    [],
    (c) => c.rpc('<get-route xmlns="urn:junos"><extensive/></get-route>'),
  ],
];

test.each(table)("%s", async (sent, _needs, call) => {
  const device = obedientDevice();
  await call(await device.client(everything));
  const [request] = device.asked;
  expect(request && writeXml(request)).toBe(
    `<rpc xmlns="urn:ietf:params:xml:ns:netconf:base:1.0" message-id="1">${sent}</rpc>`,
  );
});

const needing = table.flatMap(([sent, needs, call]) => needs.map((need) => [need, sent, call] as const));

test.each(needing)("without %s nothing is sent of %s", async (need, _sent, call) => {
  const device = obedientDevice();
  const plain = need.replace(/:\d.*$/, "");
  const older = need === plain ? [] : [`${plain}:1.0`];
  const others = everything.filter((name) => !name.startsWith(plain));
  await expect(call(await device.client([...others, ...older]))).rejects.toMatchObject({
    code: "CapabilityMissing",
  });
  expect(device.asked).toEqual([]);
});

describe("texts of requests", () => {
  test.each(["<a/><b/>", "", "<a", "<!DOCTYPE a><a/>", "</rpc><rpc>"])(
    "%j is refused before it is sent",
    async (text) => {
      const device = obedientDevice();
      const client = await device.client(everything);
      await expect(client.rpc(text)).rejects.toThrow();
      expect(device.asked).toEqual([]);
    },
  );

  test("cannot end their message by the delimiter", async () => {
    const device = obedientDevice();
    const client = await device.client(everything);
    await client.editConfig({
      target: "running",
      config: "<a><![CDATA[x]]]]><![CDATA[>]]]]><![CDATA[>]]></a>",
    });
    expect(device.asked[0]?.value(".//a")).toBe("x]]>]]>");
  });
});
