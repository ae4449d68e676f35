import { pluginErrors } from "../../../../src/errors/plugin.ts";
import { compile } from "../../../../src/python/re/index.ts";
import { PyDict } from "../../../../src/python/values/dict.ts";
import { equal } from "../../../../src/python/values/equality.ts";
import { lengthOf } from "../../../../src/python/values/iteration.ts";
import { order } from "../../../../src/python/values/order.ts";
import { repr, str } from "../../../../src/python/values/text.ts";
import { truth } from "../../../../src/python/values/truth.ts";
import { TYPES } from "./types.ts";

interface ValidatorOptions {
  /** Fields that the schema does not have are allowed. */
  readonly allowUnknown: boolean;
}

/** One rule: gives errors for a value, texts or dictionaries of errors within it. */
type Rule = (value: unknown, constraint: unknown, rules: PyDict, options: ValidatorOptions) => unknown[];

/**
 * Checks a document against a Cerberus schema. Gives the errors by field, in Cerberus' words; empty where there are none.
 *
 * @example validateDocument({}, { mtu: { required: true } })  // { mtu: ["required field"] }
 */
export function validateDocument(document: PyDict, schema: PyDict, options: ValidatorOptions): PyDict {
  const errors = new PyDict();
  for (const [field, value] of document.items()) {
    const rules = schema.get(field);
    if (rules instanceof PyDict) add(errors, field, checkValue(value, rules, options));
    else if (!options.allowUnknown) add(errors, field, ["unknown field"]);
  }
  for (const [field, rules] of schema.items()) {
    if (rules instanceof PyDict && !document.has(field) && truth(rules.get("required") ?? null)) {
      add(errors, field, ["required field"]);
    }
  }
  return new PyDict([...errors.items()].toSorted(([a], [b]) => compareFields(a, b)));
}

/** The errors of one value, in the order in which Cerberus finds them. */
function checkValue(value: unknown, rules: PyDict, options: ValidatorOptions): unknown[] {
  const nullable = truth(rules.get("nullable") ?? null);
  if (value === null) return nullable ? [] : ["null value not allowed"];
  const type = rules.get("type");
  if (type !== undefined && !hasType(value, type)) return [`must be of ${typeText(type)} type`];
  if (rules.get("empty") === false && lengthOf(value) === 0) return ["empty values not allowed"];
  return [...rules.items()].flatMap(([name, constraint]) => {
    const key = str(name);
    if (HANDLED.has(key)) return [];
    const rule = Object.hasOwn(RULES, key) ? RULES[key] : undefined;
    if (rule === undefined) throw pluginErrors.Unsupported({ what: `Rule '${key}' of a Cerberus schema` });
    return rule(value, constraint, rules, options);
  });
}

const HANDLED = new Set(["required", "nullable", "type", "empty", "allow_unknown", "meta"]);

const RULES: Readonly<Record<string, Rule>> = {
  allowed: (value, allowed) => {
    const list = allowed as unknown[];
    if (!Array.isArray(value))
      return list.some((item) => equal(item, value)) ? [] : [`unallowed value ${str(value)}`];
    const wrong = value.filter((item) => !list.some((other) => equal(item, other)));
    return wrong.length === 0 ? [] : [`unallowed values ${repr(wrong)}`];
  },
  forbidden: (value, forbidden) => {
    const list = forbidden as unknown[];
    if (!Array.isArray(value))
      return list.some((item) => equal(item, value)) ? [`unallowed value ${str(value)}`] : [];
    const wrong = value.filter((item) => list.some((other) => equal(item, other)));
    return wrong.length === 0 ? [] : [`unallowed values ${repr(wrong)}`];
  },
  contains: (value, wanted) => {
    const list: unknown[] = Array.isArray(wanted) ? wanted : [wanted];
    const missing = list.filter(
      (item) => !(Array.isArray(value) && value.some((other) => equal(item, other))),
    );
    return missing.length === 0 ? [] : [`missing members ${repr(missing)}`];
  },
  min: (value, min) => (order("<", value, min) ? [`min value is ${str(min)}`] : []),
  max: (value, max) => (order(">", value, max) ? [`max value is ${str(max)}`] : []),
  minlength: (value, min) => ((lengthOf(value) ?? 0) < Number(min) ? [`min length is ${str(min)}`] : []),
  maxlength: (value, max) => ((lengthOf(value) ?? 0) > Number(max) ? [`max length is ${str(max)}`] : []),
  regex: (value, pattern) => {
    const whole = str(pattern).endsWith("$") ? str(pattern) : `${str(pattern)}$`;
    const fits = typeof value !== "string" || compile(whole).match(value) !== null;
    return fits ? [] : [`value does not match regex '${str(pattern)}'`];
  },
  schema: (value, schema, rules, options) => {
    if (!(schema instanceof PyDict)) return [];
    if (Array.isArray(value)) return nested(value.entries(), schema, options);
    if (!(value instanceof PyDict)) return [];
    const own = rules.get("allow_unknown");
    const inner = own === undefined ? options : { allowUnknown: truth(own) };
    const errors = validateDocument(value, schema, inner);
    return errors.size === 0 ? [] : [errors];
  },
  items: (value, schemas, _rules, options) => {
    const list = schemas as unknown[];
    if (!Array.isArray(value)) return [];
    if (value.length !== list.length)
      return [`length of list should be ${list.length}, it is ${value.length}`];
    const errors = new PyDict();
    for (const [index, item] of value.entries()) {
      const rules = list[index];
      if (rules instanceof PyDict) add(errors, index, checkValue(item, rules, options));
    }
    return errors.size === 0 ? [] : [errors];
  },
  valuesrules: (value, schema, _rules, options) =>
    value instanceof PyDict && schema instanceof PyDict ? nested(value.items(), schema, options) : [],
  keysrules: (value, schema, _rules, options) => {
    if (!(value instanceof PyDict) || !(schema instanceof PyDict)) return [];
    return nested(
      [...value.keys()].map((key) => [key, key] as const),
      schema,
      options,
    );
  },
  anyof: (value, schemas, _rules, options) => {
    const fits = (schemas as PyDict[]).some((schema) => checkValue(value, schema, options).length === 0);
    return fits ? [] : ["no definitions validate"];
  },
  allof: (value, schemas, _rules, options) => {
    const fits = (schemas as PyDict[]).every((schema) => checkValue(value, schema, options).length === 0);
    return fits ? [] : ["one or more definitions don't validate"];
  },
  noneof: (value, schemas, _rules, options) => {
    const fits = (schemas as PyDict[]).some((schema) => checkValue(value, schema, options).length === 0);
    return fits ? ["one or more definitions validate"] : [];
  },
};

/** The errors of items that all have the same rules, by their key. */
function nested(
  items: Iterable<readonly [unknown, unknown]>,
  rules: PyDict,
  options: ValidatorOptions,
): unknown[] {
  const errors = new PyDict();
  for (const [key, item] of items) add(errors, key, checkValue(item, rules, options));
  return errors.size === 0 ? [] : [errors];
}

function add(errors: PyDict, field: unknown, found: readonly unknown[]): void {
  if (found.length > 0) errors.set(field, found);
}

function hasType(value: unknown, type: unknown): boolean {
  const names: unknown[] = Array.isArray(type) ? type : [type];
  return names.some((name) => {
    const test = Object.hasOwn(TYPES, str(name)) ? TYPES[str(name)] : undefined;
    if (test === undefined)
      throw pluginErrors.Unsupported({ what: `Type '${str(name)}' of a Cerberus schema` });
    return test(value);
  });
}

function typeText(type: unknown): string {
  return Array.isArray(type) ? repr(type) : str(type);
}

function compareFields(a: unknown, b: unknown): number {
  return str(a) < str(b) ? -1 : str(a) > str(b) ? 1 : 0;
}
