import { expect, test } from "vitest";
import { canonical, element, escapeXml, parseXml, writeXml } from "./index.ts";

test("built elements take the namespace of the element that they are put into", () => {
  const rpc = element("rpc", { xmlns: "urn:base", "message-id": "7" }, [
    element("edit-config", {}, [
      element("config", {}, [element("top", { xmlns: "urn:top" }, [element("x", {}, "1 < 2")])]),
    ]),
  ]);
  expect(writeXml(rpc)).toBe(
    '<rpc xmlns="urn:base" message-id="7"><edit-config><config><top xmlns="urn:top"><x>1 &lt; 2</x></top></config></edit-config></rpc>',
  );
});

test("a prefix of an attribute is declared where it was, and a taken away default namespace stays away", () => {
  const text = '<a xmlns="urn:a" xmlns:nc="urn:nc"><b nc:operation="delete"/><c xmlns=""/></a>';
  expect(writeXml(parseXml(text))).toBe(text);
});

test("what would change in an attribute is written as a reference", () => {
  expect(escapeXml('a"b\n<&')).toBe("a&quot;b&#10;&lt;&amp;");
  expect(escapeXml('a"b\n\r<', "text")).toBe('a"b\n&#13;&lt;');
});

test("the canonical form ignores layout, prefixes and order of attributes, and nothing else", () => {
  const form = canonical('<a xmlns="u" y="1" x="2">\n <b/> <c>t</c></a>');
  expect(canonical('<p:a xmlns:p="u" x="2" y="1"><p:b></p:b><p:c><![CDATA[t]]></p:c></p:a>')).toBe(form);
  for (const other of ['<a y="1" x="2"><b/><c>t</c></a>', '<a xmlns="u" y="1" x="2"><c>t</c><b/></a>'])
    expect(canonical(other)).not.toBe(form);
  const operation = (prefix: string, uri: string) =>
    canonical(`<a xmlns:${prefix}="${uri}"><b ${prefix}:operation="delete"/></a>`);
  expect(operation("nc", "u")).toBe(operation("xc", "u"));
  expect(operation("nc", "u")).not.toBe(operation("nc", "v"));
});
