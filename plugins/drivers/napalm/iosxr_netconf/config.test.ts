import { expect, test } from "vitest";
import { parseXml } from "../../../../src/device/xml/index.ts";
import { configText } from "./config-text.ts";
import { get } from "./test-router.ts";

const cli = (text: string) => `<cli xmlns="http://cisco.com/ns/yang/Cisco-IOS-XR-cli-cfg">${text}</cli>`;

test("a configuration comes as lines; without a candidate that is empty", async () => {
  const replies = {
    "get-config running cli": cli("\n!! IOS XR\nusername a\n secret 5 $1$abc\n"),
    "get-config candidate cli": "",
  };
  expect(await get("get_config", replies, { sanitized: true })).toEqual({
    startup: "",
    running: "!! IOS XR\nusername a\n secret <removed>",
    candidate: "",
  });
});

test("as XML it has an element a line, without models of others", async () => {
  const replies = {
    "get-config running": '<a xmlns="urn:a"><b>1 &lt; 2</b><c/></a><x xmlns="http://openconfig.net/yang/x"/>',
  };
  const model = await get("get_config", replies, { retrieve: "running" }, { config_encoding: "xml" });
  expect(model).toMatchObject({
    running: '<data>\n  <a xmlns="urn:a">\n    <b>1 &lt; 2</b>\n    <c/>\n  </a>\n</data>\n',
  });
});

test("secrets within XML are not known, so it cannot be had without them", async () => {
  const asXml = get("get_config", {}, { sanitized: true }, { config_encoding: "xml" });
  await expect(asXml).rejects.toThrow("sanitized");
});

test("a namespace is written where it changes, and attributes stay", () => {
  const data = parseXml('<data xmlns="urn:nc"><n:a xmlns:n="urn:a" k="&quot;"><n:b/><c/></n:a></data>');
  expect(configText(data)).toBe(
    '<data xmlns="urn:nc">\n  <a xmlns="urn:a" k="&quot;">\n    <b/>\n    <c xmlns="urn:nc"/>\n  </a>\n</data>\n',
  );
});
