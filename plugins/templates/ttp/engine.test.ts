import { describe, expect, test } from "vitest";
import { quickParse, Ttp, XmlParseError } from "./engine.ts";

const INTERFACES = `
interface Gi1
 description to core
 ip address 10.0.0.1 255.255.255.0
!
interface Gi2
 ip address 10.0.1.1 255.255.255.0
`;

/** The results of one input of one template. */
function parse(template: string, data = INTERFACES): unknown {
  return (quickParse(data, template) as unknown[][])[0]?.[0];
}

describe("results", () => {
  test("of a template without a name stand in a list", () => {
    expect(parse("interface {{ name }}\n ip address {{ ip }} {{ mask }}")).toEqual([
      { name: "Gi1", ip: "10.0.0.1", mask: "255.255.255.0" },
      { name: "Gi2", ip: "10.0.1.1", mask: "255.255.255.0" },
    ]);
  });

  test.each([
    ["interfaces", { interfaces: [{ name: "Gi1" }, { name: "Gi2" }] }],
    ["a.b*", { a: { b: [{ name: "Gi1" }, { name: "Gi2" }] } }],
    ["ports.{{ name }}", { ports: { Gi1: {}, Gi2: {} } }],
    ["last**", { last: { name: "Gi1" } }],
  ])("go where the group's name %s says", (name, expected) => {
    expect(parse(`<group name="${name}">\ninterface {{ name }}\n</group>`)).toEqual(expected);
  });

  test("of one group alone are a dictionary, unless its path has a star", () => {
    const one = "interface Gi1\n";
    expect(parse('<group name="a">\ninterface {{ name }}\n</group>', one)).toEqual({ a: { name: "Gi1" } });
    expect(parse('<group name="a*">\ninterface {{ name }}\n</group>', one)).toEqual({ a: [{ name: "Gi1" }] });
  });

  test("come per input, or per template together", () => {
    const template = (attribute: string) =>
      `<template${attribute}>\n<group>\ninterface {{ name }}\n</group>\n</template>`;
    const resultOf = (attribute: string) => {
      const parser = new Ttp({ template: template(attribute) });
      parser.addInput("interface Gi1\n");
      parser.addInput("interface Gi2\n");
      parser.parse();
      return parser.result();
    };
    expect(resultOf("")).toEqual([[[{ name: "Gi1" }], [{ name: "Gi2" }]]]);
    expect(resultOf(' results="per_template"')).toEqual([[{ name: "Gi1" }, { name: "Gi2" }]]);
  });

  test("can be flat, by template name, or text", () => {
    const parser = new Ttp({ template: "interface {{ name }}", data: INTERFACES });
    parser.parse();
    expect(parser.result({ structure: "flat_list" })).toEqual([{ name: "Gi1" }, { name: "Gi2" }]);
    expect(parser.result({ structure: "dictionary" })).toEqual({
      _root_template_: [[{ name: "Gi1" }, { name: "Gi2" }]],
    });
    expect(parser.result({ format: "csv", structure: "flat_list" })).toEqual(['"name"\n"Gi1"\n"Gi2"']);
    expect(parser.result({ format: "yaml" })).toEqual(["- - name: Gi1\n  - name: Gi2\n"]);
  });
});

describe("lines", () => {
  test("between _start_ and _end_ belong to the group, others do not", () => {
    const template =
      '<group name="v*">\nvlan {{ id | _start_ }}\n name {{ name }}\nexit {{ _end_ }}\n</group>';
    expect(parse(template, "vlan 1\n name a\nexit\n name b\nvlan 2\n")).toEqual({
      v: [{ id: "1", name: "a" }, { id: "2" }],
    });
  });

  test("that nothing else matches are collected by _line_", () => {
    const template = "interface {{ name }}\n description {{ d | ORPHRASE }}\n{{ rest | _line_ }}";
    expect(parse(template, "interface Gi1\n description x\n mtu 9000\n no shut\n")).toEqual({
      name: "Gi1",
      d: "x",
      rest: " mtu 9000\n no shut",
    });
  });

  test("of a table are cut by its headings", () => {
    expect(
      parse(
        "Port   Name  Status  {{ _headers_ }}",
        "Port   Name  Status\nGi1    core  up\nGi2          down\n",
      ),
    ).toEqual([
      { Port: "Gi1", Name: "core", Status: "up" },
      { Port: "Gi2", Name: "", Status: "down" },
    ]);
  });
});

describe("functions", () => {
  test.each([
    ["upper", "gi1"],
    ["replace('Gi', 'GigabitEthernet')", "Gi1"],
    ["contains('Gi1')", "Gi1"],
  ])("of Python's texts work as match functions: %s", (call) => {
    const values = parse(`<group>\ninterface {{ name | ${call} }}\n</group>`) as { name: string }[];
    const expected = { upper: ["GI1", "GI2"], "contains('Gi1')": ["Gi1"] }[call] ?? [
      "GigabitEthernet1",
      "GigabitEthernet2",
    ];
    expect(values.map((value) => value.name)).toEqual(expected);
  });

  test("of a program are added by scope", () => {
    const parser = new Ttp();
    parser.addFunction("match", "reverse", (data) => [[...String(data)].reverse().join(""), null]);
    parser.addFunction("macro", "shout", (data) => `${String(data)}!`);
    parser.addTemplate("interface {{ name | reverse | macro(shout) }}");
    parser.addInput("interface Gi1\n");
    parser.parse();
    expect(parser.result({ structure: "flat_list" })).toEqual([{ name: "1iG!" }]);
  });

  test("that nobody knows leave the value and are reported", () => {
    const parser = new Ttp({ template: "interface {{ name | no_such_function }}", data: "interface Gi1\n" });
    parser.parse();
    expect(parser.result({ structure: "flat_list" })).toEqual([{ name: "Gi1" }]);
    expect(parser.warnings).toEqual([
      "there is no match function 'no_such_function', and a str has no such method",
    ]);
  });

  test.each(["dns", "rdns", "geoip_lookup('x')"])("that reach outside are unsupported: %s", (call) => {
    expect(() => parse(`interface {{ name | ${call} }}`)).toThrow("is not supported");
  });
});

describe("a template that cannot be read", () => {
  test("names line and column", () => {
    expect(() => new Ttp({ template: "<group>\ninterface {{ a }}\n</grp>" })).toThrow(
      new XmlParseError("mismatched tag", 4, 2),
    );
  });

  test.each([
    ["interface {{ a | contains('b) }}", "cannot read the arguments"],
    ["interface {{ a | re('(') }}", "unterminated subpattern"],
    ["<template>\n<extend template='/nowhere'/>\n</template>", "extend cannot load"],
  ])("is refused: %s", (template, reason) => {
    expect(() => new Ttp({ template })).toThrow(reason);
  });
});
