import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  Budget,
  BudgetExceeded,
  binary,
  callMethod,
  dumpJson,
  equal,
  float,
  format,
  fromJs,
  PyDict,
  PySet,
  PyTuple,
  parseJson,
  percentFormat,
  repr,
  roundDouble,
  sorted,
  str,
  toJs,
  truth,
  withBudget,
} from "./index.ts";

describe("numbers", () => {
  test("integers are exact whatever their size", () => {
    expect(str(binary("**", 2, 100))).toBe("1267650600228229401496703205376");
    expect(binary("+", Number.MAX_SAFE_INTEGER, 1)).toBe(9007199254740992n);
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.maxSafeInteger(), (a, b) => {
        expect(str(binary("*", a, b))).toBe(String(BigInt(a) * BigInt(b)));
      }),
    );
  });

  test("floor division and remainder belong together, with the sign of the divisor", () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer().filter((n) => n !== 0),
        (a, b) => {
          const rest = Number(binary("%", a, b));
          expect(Number(binary("//", a, b)) * b + rest).toBe(a);
          expect(rest === 0 || rest < 0 === b < 0).toBe(true);
        },
      ),
    );
  });

  test("a float that is whole stays a float, and its text reads back", () => {
    expect(str(binary("/", 4, 2))).toBe("2.0");
    expect([1e16, 1e15, 1e-5, 0.0001, 2.5e100, -0].map((n) => str(float(n)))).toEqual([
      "1e+16",
      "1000000000000000.0",
      "1e-05",
      "0.0001",
      "2.5e+100",
      "-0.0",
    ]);
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (n) => {
        expect(Number(str(float(n)))).toBe(n);
      }),
    );
  });

  test("rounding to decimals goes by the exact value, ties to even", () => {
    expect([roundDouble(2.5, 0), roundDouble(2.675, 2), roundDouble(0.125, 2)]).toEqual([2, 2.67, 0.12]);
    expect(format(0.5, ".0f")).toBe("0");
    expect(percentFormat("%.0f %.1f", PyTuple.of(2.5, 0.25))).toBe("2 0.2");
  });
});

describe("containers", () => {
  test("keys that are equal are one key, which prints as it was first written", () => {
    const dict = new PyDict([
      [true, "a"],
      [1, "b"],
      [float(1), "c"],
      [PyTuple.of(1, "x"), "d"],
      [PyTuple.of(1, "x"), "e"],
    ]);
    expect(str(dict)).toBe("{True: 'c', (1, 'x'): 'e'}");
  });

  test("lists and dicts are no keys", () => {
    expect(() => new PyDict([[[1], 2]])).toThrow("unhashable type: 'list'");
  });

  test("plain objects go in and come out, and only their own properties", () => {
    const polluted = Object.create({ inherited: 1 });
    expect(() => fromJs(Object.assign(Object.create(Object.create(polluted)), { own: 2 }))).toThrow();
    expect(toJs(fromJs({ a: [1, { b: null }], c: "x" }))).toEqual({ a: [1, { b: null }], c: "x" });
  });

  test("equality goes by value and never fails", () => {
    expect(equal(fromJs({ a: [1, 2] }), fromJs({ a: [float(1), 2] }))).toBe(true);
    expect(equal([1], PyTuple.of(1))).toBe(false);
    expect(equal(new PySet([1, 2]), new PySet([2, 1]))).toBe(true);
  });

  test("sorting is stable, also in reverse, and refuses values without an order", () => {
    const rows = [PyTuple.of(1, "a"), PyTuple.of(0, "b"), PyTuple.of(1, "c")];
    expect(sorted(rows, (r) => (r as PyTuple).items[0], true).map(str)).toEqual([
      "(1, 'a')",
      "(1, 'c')",
      "(0, 'b')",
    ]);
    expect(() => sorted([1, "a"])).toThrow("'<' not supported between instances of 'str' and 'int'");
  });

  test("emptiness is false", () => {
    expect(["", 0, float(0), [], new PyDict(), new PyTuple([]), null, false].some(truth)).toBe(false);
  });
});

test("any JSON survives reading and writing with order, floats and large integers", () => {
  expect(dumpJson(parseJson('{"b": 1.0, "10": [12345678901234567890, 1e5], "2": {}}'))).toBe(
    '{"b": 1.0, "10": [12345678901234567890, 100000.0], "2": {}}',
  );
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(JSON.parse(dumpJson(parseJson(text)))).toEqual(JSON.parse(text));
    }),
  );
});

test("strings count characters, not code units", () => {
  expect(callMethod("🐍x", "center", [4, "*"], undefined)).toBe("*🐍x*");
  expect(callMethod("a🐍b", "find", ["b"], undefined)).toBe(2);
  expect(repr("it's\t🐍\u200b")).toBe(`"it's\\t🐍\\u200b"`);
});

test("a budget ends what allocates too much, and nothing outside of it", () => {
  const budget = new Budget({ steps: 100, memory: 1000 });
  expect(() => withBudget(budget, () => binary("*", "x", 2000))).toThrow(BudgetExceeded);
  expect(binary("*", "x", 2000)).toHaveLength(2000);
});
