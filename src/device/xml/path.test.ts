import { describe, expect, test } from "vitest";
import { parseXml } from "./index.ts";

const reply = parseXml(`
<rpc-reply>
  <interfaces>
    <interface kind="physical"><name> ge-0/0/0 </name><unit><name>0</name></unit><unit><name>1</name></unit></interface>
    <interface kind="logical"><name>lo0</name><unit><name>0</name><disabled/></unit></interface>
  </interfaces>
  <name>top</name>
</rpc-reply>`);

describe("a path", () => {
  test.each([
    ["name", ["top"]],
    ["./name", ["top"]],
    ["interfaces/interface/name", ["ge-0/0/0", "lo0"]],
    ["interfaces/if:interface/name", ["ge-0/0/0", "lo0"]],
    ["*/*/name", ["ge-0/0/0", "lo0"]],
    [".//name", ["ge-0/0/0", "0", "1", "lo0", "0", "top"]],
    ["interfaces//name", ["ge-0/0/0", "0", "1", "lo0", "0"]],
    [".//interfaces//name", ["ge-0/0/0", "0", "1", "lo0", "0"]],
    [".//unit/name", ["0", "1", "0"]],
    ["interfaces/interface[name='ge-0/0/0']/unit/name", ["0", "1"]],
    ['interfaces/interface[name="lo0"]/name', ["lo0"]],
    ["interfaces/interface[@kind='logical']/name", ["lo0"]],
    ["interfaces/interface[@kind]/name", ["ge-0/0/0", "lo0"]],
    ["interfaces/interface[@speed]/name", []],
    ["interfaces/interface[2]/name", ["lo0"]],
    [".//unit[2]/name", ["1"]],
    [".//unit[disabled]/name", ["0"]],
    [".//interface[@kind='physical'][1]/name", ["ge-0/0/0"]],
    [".//name[.='lo0']", ["lo0"]],
    ["absent/name", []],
  ])("%s", (path, values) => {
    expect(reply.all(path).map((one) => one.value())).toEqual(values);
    expect(reply.value(path)).toBe(values[0] ?? "");
    expect(reply.has(path)).toBe(values.length > 0);
  });

  test("that leads to an element in two ways gives it once", () => {
    const nested = parseXml("<r><a><a><b/></a></a></r>");
    expect(nested.all(".//a//b")).toHaveLength(1);
  });

  test.each(["", "/a", "a/", "a[", "a[name='x]", "a b", "a///b"])(
    "%j is refused as a programmer's mistake",
    (path) => {
      expect(() => reply.all(path)).toThrow(SyntaxError);
    },
  );
});
