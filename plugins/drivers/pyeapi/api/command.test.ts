import fc from "fast-check";
import { expect, test } from "vitest";
import { ArgumentError } from "../../../../src/device/eapi/argument-error.ts";
import { build, cli, pattern, text, whole } from "./command.ts";

test.each([
  [{ value: "users" }, "name users"],
  [{ value: true }, "name"],
  [{ value: null }, "no name"],
  [{ value: 0 }, "no name"],
  [{ value: "users", disable: true }, "no name"],
  [{ value: "users", default: true, disable: true }, "default name"],
])("a setter that is given %j sends %s", (choice, command) => {
  expect(build("name", choice)).toBe(command);
});

test("a value never becomes a second command", () => {
  expect(() => cli`description ${"a\nreload now"}`).toThrow(ArgumentError);
  expect(() => cli`description ${["a", "b"]}`).toThrow(/cannot hold/);
  expect(cli`vlan ${10}`).toBe("vlan 10");
});

test("values in patterns stand for themselves", () => {
  const value = fc.string({ minLength: 1 }).filter((one) => !/[\r\n\u2028\u2029]/.test(one));
  fc.assert(
    fc.property(value, value, (one, other) => {
      expect(pattern`^vlan ${one}$`.test(`vlan ${other}`)).toBe(one === other);
    }),
  );
});

test.each([true, "x", 1.5, null, 0, 256, [1]])("%j is no number from 1 to 255", (value) => {
  expect(() => whole("priority", value, 1, 255)).toThrow(/priority must be a whole number from 1 to 255/);
});

test("None and booleans are written as pyeapi's callers know them", () => {
  expect([null, true, false, 5, "x"].map(text)).toEqual(["None", "True", "False", "5", "x"]);
});
