import fc from "fast-check";
import { expect, test } from "vitest";
import { pods } from "./builtin-resources.ts";
import { compareResourceVersions, controllerOf, keyOf, ownerReference, splitKey } from "./objects.ts";

test("resourceVersions compare as whole numbers of any size", () => {
  const version = fc.bigInt({ min: 0n, max: 2n ** 64n });
  fc.assert(
    fc.property(version, version, (a, b) => {
      expect(Math.sign(compareResourceVersions(`${a}`, `${b}`) ?? Number.NaN)).toBe(
        a < b ? -1 : a > b ? 1 : 0,
      );
    }),
  );
});

test.each([
  ["", "1"],
  ["01", "1"],
  ["1", undefined],
  [undefined, undefined],
  ["1a", "2"],
  ["-1", "2"],
])("%j and %j cannot be compared", (a, b) => {
  expect([compareResourceVersions(a, b), compareResourceVersions(b, a)]).toEqual([undefined, undefined]);
});

test("a key is made of namespace and name, and gives them back", () => {
  expect(keyOf({ metadata: { namespace: "ns", name: "a" } })).toBe("ns/a");
  expect(keyOf({ metadata: { name: "a" } })).toBe("a");
  expect([splitKey("ns/a"), splitKey("a")]).toEqual([
    { namespace: "ns", name: "a" },
    { namespace: "", name: "a" },
  ]);
});

test("an owner reference needs an owner that was read from the API", () => {
  const pod = { metadata: { name: "p", namespace: "ns", uid: "u" } };
  const reference = ownerReference(pod, { resource: pods });
  expect(reference).toEqual({
    apiVersion: "v1",
    kind: "Pod",
    name: "p",
    uid: "u",
    controller: true,
    blockOwnerDeletion: true,
  });
  expect(ownerReference(pod, { resource: pods, controller: false })).toMatchObject({
    controller: false,
    blockOwnerDeletion: false,
  });
  expect(
    controllerOf({ metadata: { ownerReferences: [{ ...reference, controller: false }, reference] } }),
  ).toBe(reference);
  expect(() => ownerReference({ ...pod, metadata: { name: "p" } }, { resource: pods })).toThrow(
    "needs apiVersion, kind, name and uid",
  );
});
