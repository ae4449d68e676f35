import { expect, test } from "vitest";
import { dictFromPlain, toPlain } from "../plain.ts";
import { validateDocument } from "./validator.ts";

function errorsOf(document: object, schema: object, allowUnknown = true): unknown {
  const [data, rules] = [document, schema].map((value) => dictFromPlain({ ...value }));
  if (data === undefined || rules === undefined) return undefined;
  return toPlain(validateDocument(data, rules, { allowUnknown }));
}

test.each([
  [{}, { mtu: { required: true } }, { mtu: ["required field"] }],
  [{ mtu: "1500" }, { mtu: { type: "integer" } }, { mtu: ["must be of integer type"] }],
  [{ mtu: null }, { mtu: { type: "integer" } }, { mtu: ["null value not allowed"] }],
  [{ mtu: null }, { mtu: { type: "integer", nullable: true } }, {}],
  [{ mode: "hybrid" }, { mode: { allowed: ["access", "trunk"] } }, { mode: ["unallowed value hybrid"] }],
  [{ mtu: 100 }, { mtu: { min: 576, max: 9216 } }, { mtu: ["min value is 576"] }],
  [{ name: "Te1" }, { name: { regex: "Gi.*" } }, { name: ["value does not match regex 'Gi.*'"] }],
  [{ name: "" }, { name: { empty: false } }, { name: ["empty values not allowed"] }],
])("%j against %j", (document, schema, errors) => {
  expect(errorsOf(document, schema)).toEqual(errors);
});

test("errors in lists and dictionaries stand below their index or key", () => {
  const peers = {
    type: "list",
    schema: { type: "dict", schema: { peer: { type: "string", allowed: ["a"] } } },
  };
  expect(errorsOf({ ntp: [{ peer: "a" }, { peer: "b" }] }, { ntp: peers })).toEqual({
    ntp: [{ 1: [{ peer: ["unallowed value b"] }] }],
  });
});

test("fields that the schema lacks are errors only where that is asked", () => {
  expect(errorsOf({ extra: 1 }, {})).toEqual({});
  expect(errorsOf({ extra: 1 }, {}, false)).toEqual({ extra: ["unknown field"] });
});

test("a rule that is not carried out is unsupported, not ignored", () => {
  expect(() => errorsOf({ a: 1 }, { a: { coerce: "int" } })).toThrow(
    "Rule 'coerce' of a Cerberus schema is not supported",
  );
});
