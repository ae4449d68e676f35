import { compile, IGNORECASE, type Match, MULTILINE } from "../../../../src/python/re/index.ts";
import {
  contains,
  isIterable,
  iterate,
  REQUIRED,
  str,
  truth,
  typeError,
} from "../../../../src/python/values/index.ts";
import { FilterArgumentError } from "../errors.ts";
import { type TestFunction, test } from "../filter.ts";
import { Undefined } from "../undefined.ts";
import { isSubsetOf } from "./collections.ts";
import { IP_QUERIES } from "./ip-queries.ts";
import { readIp } from "./ip-value.ts";
import { compareVersions } from "./version.ts";

type How = "match" | "search" | "fullmatch";

function matches(
  value: unknown,
  pattern: unknown,
  ignorecase: unknown,
  multiline: unknown,
  how: How,
): boolean {
  if (value instanceof Undefined) value.fail();
  const flags = (truth(ignorecase) ? IGNORECASE : 0) | (truth(multiline) ? MULTILINE : 0);
  const found: Match | null = compile(str(pattern), flags)[how](str(value));
  return found !== null;
}

const matching = (how: How): TestFunction =>
  test({ pattern: "", ignorecase: false, multiline: false }, (_c, value, pattern, ignorecase, multiline) =>
    matches(value, pattern, ignorecase, multiline, how),
  );

const OPERATORS: ReadonlyMap<string, (difference: number) => boolean> = new Map([
  ...["==", "=", "eq"].map((name) => [name, (d: number) => d === 0] as const),
  ...["!=", "<>", "ne"].map((name) => [name, (d: number) => d !== 0] as const),
  ...["<", "lt"].map((name) => [name, (d: number) => d < 0] as const),
  ...["<=", "le"].map((name) => [name, (d: number) => d <= 0] as const),
  ...[">", "gt"].map((name) => [name, (d: number) => d > 0] as const),
  ...[">=", "ge"].map((name) => [name, (d: number) => d >= 0] as const),
]);

const version = test(
  { version: REQUIRED, operator: "eq", strict: null, version_type: null },
  (_c, value, other, name) => {
    if (value instanceof Undefined) value.fail();
    const decide = OPERATORS.get(str(name));
    if (!decide) throw new FilterArgumentError(`Invalid operator type (${str(name)})`);
    if (str(value) === "" || str(other) === "")
      throw new FilterArgumentError("Input version value cannot be empty");
    return decide(compareVersions(str(value), str(other)));
  },
);

function every(value: unknown): Iterable<unknown> {
  if (!isIterable(value)) throw typeError("the value is not iterable");
  return iterate(value);
}

const convertible = (word: unknown): unknown => {
  const text = str(word).toLowerCase();
  if (["yes", "on", "1", "true"].includes(text)) return true;
  return ["no", "off", "0", "false", ""].includes(text) ? false : word;
};

const truthy = test({ convert_bool: false }, (_c, value, convert) =>
  truth(truth(convert) ? convertible(value) : value),
);
const subset = test({ other: REQUIRED }, (_c, value, other) => isSubsetOf(value, other));
const superset = test({ other: REQUIRED }, (_c, value, other) => isSubsetOf(other, value));

/** A test that holds where a query of `ipaddr` has an answer. */
const ipTest = (query: string, family?: 4 | 6): TestFunction =>
  test({}, (_c, value) => {
    const v = readIp(value);
    if (!v || (family !== undefined && v.version !== family)) return false;
    return truth(IP_QUERIES.get(query)?.(v, value) ?? false);
  });

/** Ansible's tests by name. */
export const TESTS: ReadonlyMap<string, TestFunction> = new Map<string, TestFunction>([
  ["match", matching("match")],
  ["search", matching("search")],
  [
    "regex",
    test(
      { pattern: "", ignorecase: false, multiline: false, match_type: "search" },
      (_c, value, pattern, ignorecase, multiline, how) => {
        const kind = str(how);
        if (kind !== "match" && kind !== "search" && kind !== "fullmatch") {
          throw new FilterArgumentError(`there is no match type ${kind}`);
        }
        return matches(value, pattern, ignorecase, multiline, kind);
      },
    ),
  ],
  ["version", version],
  ["version_compare", version],
  ["subset", subset],
  ["issubset", subset],
  ["superset", superset],
  ["issuperset", superset],
  ["contains", test({ item: REQUIRED }, (_c, value, item) => contains(value, item))],
  ["any", test({}, (_c, value) => [...every(value)].some(truth))],
  ["all", test({}, (_c, value) => [...every(value)].every(truth))],
  ["truthy", truthy],
  [
    "falsy",
    test(
      { convert_bool: false },
      (_c, value, convert) => !truth(truth(convert) ? convertible(value) : value),
    ),
  ],
  ["nan", test({}, (_c, value) => Number.isNaN(value))],
  ["ip", ipTest("bool")],
  ["ip_address", ipTest("bool")],
  ["ipv4", ipTest("bool", 4)],
  ["ipv6", ipTest("bool", 6)],
  ["private", ipTest("private")],
  ["public", ipTest("public")],
  ["multicast", ipTest("multicast")],
]);
