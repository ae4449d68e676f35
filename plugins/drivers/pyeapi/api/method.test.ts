import { expect, test } from "vitest";
import { ArgumentError } from "../../../../src/device/eapi/argument-error.ts";
import { bindArguments, callMethod, changes, type EapiNode } from "./method.ts";
import { apiModules } from "./modules.ts";

const setter = changes(["name"], { value: null, default: false }, (_node, args) => args);

test("positional and named arguments take their places, and what is left out has its default", () => {
  expect(bindArguments(setter, ["e1", 5])).toEqual({ name: "e1", value: 5, default: false });
  expect(bindArguments(setter, ["e1"], { default: true })).toEqual({
    name: "e1",
    value: null,
    default: true,
  });
});

test.each([
  [[], {}, /needs the argument name/],
  [["e1", 1, 2, 3], {}, /takes 3 arguments/],
  [["e1"], { nmae: 1 }, /no argument nmae/],
  [["e1"], { name: "e2" }, /given twice/],
])("arguments %j and %j are refused", (positional, named, why) => {
  expect(() => bindArguments(setter, positional, named)).toThrow(ArgumentError);
  expect(() => bindArguments(setter, positional, named)).toThrow(why);
});

/** A device that remembers what it is configured with. */
function recording(running: string, version: string): { node: EapiNode; configured: unknown[] } {
  const configured: unknown[] = [];
  const number = (text: string) => Number(text.split(".")[1]);
  const node: EapiNode = {
    runningConfig: async () => running,
    block: async (heading) => (heading.test(running.split("\n")[0] ?? "") ? running : undefined),
    versionAtLeast: async (least) => number(version) >= number(least),
    configure: async (commands) => {
      configured.push(...commands);
      return true;
    },
    show: async () => "",
  };
  return { node, configured };
}

test("commands are those of the device's version", async () => {
  for (const [version, command] of [
    ["4.17", "vrf definition red"],
    ["4.31", "vrf instance red"],
  ] as const) {
    const { node, configured } = recording("", version);
    const create = apiModules.vrfs?.create;
    expect(create && (await callMethod(node, create, ["red"]))).toBe(true);
    expect(configured).toEqual([command]);
  }
});

test("a new VRRP group is shut down unless it is to be enabled, and sets what is given in one change", async () => {
  const { node, configured } = recording("", "4.17");
  const create = apiModules.vrrp?.create;
  if (create)
    await callMethod(node, create, ["Vlan50", 10], { priority: 200, description: null, preempt: true });
  expect(configured).toEqual([
    "interface Vlan50",
    "vrrp 10 shutdown",
    "vrrp 10 priority 200",
    "no vrrp 10 description",
    "vrrp 10 preempt",
  ]);
});

test("the kind of an access list decides what its entries look like", async () => {
  const { node, configured } = recording("ip access-list standard mgmt\n   10 permit 10.0.0.0/8\n", "4.31");
  const add = apiModules.acl?.add_entry;
  if (add) await callMethod(node, add, ["mgmt", "permit", "192.0.2.0", 24], { log: true });
  expect(configured).toEqual(["ip access-list standard mgmt", "permit 192.0.2.0/24 log", "exit"]);
});
