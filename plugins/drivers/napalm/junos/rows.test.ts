import fc from "fast-check";
import { expect, test } from "vitest";
import { element, parseXml } from "../../../../src/device/xml/index.ts";
import { byTwo, listsBy } from "./grouped.ts";
import { decimal, has, integer, is, table, text, texts, within } from "./rows.ts";

const reply = parseXml(`
  <interface-information xmlns:junos="http://xml.juniper.net/junos/21.1R1/junos">
    <physical-interface>
      <name> ge-0/0/0 </name>
      <interface-flapped junos:seconds="42">00:00:42 ago</interface-flapped>
      <logical-interface><name>ge-0/0/0.0</name><mtu>1500</mtu></logical-interface>
      <logical-interface><name>ge-0/0/0.1</name><mtu/></logical-interface>
    </physical-interface>
  </interface-information>`);

test("fields are read downwards, upwards, and from attributes whatever their prefix", () => {
  const logical = table("physical-interface/logical-interface", {
    name: text("name"),
    port: text("../name"),
    flapped: integer("../interface-flapped/@seconds"),
    mtu: integer("mtu"),
  });
  expect(logical(reply)).toEqual([
    { name: "ge-0/0/0.0", port: "ge-0/0/0", flapped: 42, mtu: 1500 },
    { name: "ge-0/0/0.1", port: "ge-0/0/0", flapped: 42, mtu: null },
  ]);
});

test("an element without text stands for its name, one that is missing for nothing", () => {
  const one = parseXml("<then><next-hop><self/></next-hop><community/></then>");
  const [values] = table("next-hop", {
    self: text("self"),
    isSelf: is("self", "self"),
    other: text("address"),
    isOther: is("address", "self"),
    hasSelf: has("self"),
    first: text("address|self"),
    all: texts("self|self"),
  })(one);
  expect(values).toEqual({
    self: "self",
    isSelf: true,
    other: null,
    isOther: null,
    hasSelf: true,
    first: "self",
    all: ["self", "self"],
  });
});

test("a table is found within the reply of each routing engine", () => {
  const one = (name: string) =>
    `<multi-routing-engine-item><re-name>${name}</re-name><route-engine-information><route-engine><slot>0</slot></route-engine></route-engine-information></multi-routing-engine-item>`;
  const wrapped = parseXml(
    `<multi-routing-engine-results>${one("node0")}${one("node1")}</multi-routing-engine-results>`,
  );
  const engines = table("route-engine", { node: text("../../re-name"), slot: text("slot") });
  expect(engines(wrapped).map(({ node }) => node)).toEqual(["node0", "node1"]);
});

test("a table within a row has the row's own", () => {
  const ports = table("physical-interface", {
    name: text("name"),
    logical: within("logical-interface", { name: text("name") }),
  });
  expect(ports(reply)[0]?.logical).toHaveLength(2);
});

test("what is no number is refused, with the field and the text", () => {
  const mtu = table("mtu", { value: integer("size") });
  expect(() => mtu(parseXml("<a><mtu><size>big</size></mtu></a>"))).toThrow(
    '"big" is not a whole number (size)',
  );
});

test("whole and decimal numbers are read as they are written", () => {
  fc.assert(
    fc.property(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), (whole, part) => {
      const one = element("a", {}, [
        element("row", {}, [element("whole", {}, ` ${whole} `), element("part", {}, String(part))]),
      ]);
      const [values] = table("row", { whole: integer("whole"), part: decimal("part") })(one);
      expect(values).toEqual({ whole: whole === 0 ? Number(`${whole}`) : whole, part: Number(String(part)) });
    }),
  );
});

test("any text may be a key of a device's own", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.oneof(fc.string(), fc.constant("__proto__")), fc.nat())), (entries) => {
      const lists = listsBy(entries);
      for (const [key] of entries)
        expect(Object.getOwnPropertyDescriptor(lists, key)?.value).toEqual(
          entries.filter(([other]) => other === key).map(([, value]) => value),
        );
    }),
  );
  expect(Object.keys(byTwo([["__proto__", "__proto__", 1]]))).toEqual(["__proto__"]);
});
