import type { XmlElement } from "../../../../src/device/xml/index.ts";
import { InvalidValue } from "../values/invalid-value.ts";

/** An element among its like, with those around it, which paths reach by `..`. */
export interface Row {
  readonly element: XmlElement;
  readonly parent: Row | undefined;
}

/** How a value is read from a row. */
export type Field<T> = (row: Row) => T;
export type Fields = Readonly<Record<string, Field<unknown>>>;
export type Values<F extends Fields> = { [Name in keyof F]: F[Name] extends Field<infer T> ? T : never };

/**
 * Reads a table from a reply: the elements at a path, each as an object of its fields. Where several routing engines answer, their
 * replies stand in `<multi-routing-engine-item>` elements; a path that does not begin there is looked for within each.
 *
 * @example
 * const arp = table("arp-table-entry", { ip: text("ip-address"), age: decimal("time-to-expire") });
 * arp(reply); // [{ ip: "192.0.2.1", age: 1031 }]
 */
export function table<F extends Fields>(path: string, fields: F): (reply: XmlElement) => Values<F>[] {
  const readRow = readerOf(fields);
  return (reply) => rows(reply, path).map(readRow);
}

/** A table within a row. */
export function within<F extends Fields>(path: string, fields: F): Field<Values<F>[]> {
  const readRow = readerOf(fields);
  const steps = path.split("/");
  return (row) => descend([row], steps).map(readRow);
}

/** The elements at a path. */
export function rows(reply: XmlElement, path: string): Row[] {
  const top = { element: reply, parent: undefined };
  const isWrapped = reply.name === "multi-routing-engine-results" && !path.startsWith(ITEM);
  return descend(isWrapped ? descend([top], [ITEM, "*"]) : [top], path.split("/"));
}

const ITEM = "multi-routing-engine-item";

function descend(from: Row[], steps: readonly string[]): Row[] {
  let level = from;
  for (const name of steps) {
    const next: Row[] = [];
    for (const parent of level)
      for (const element of parent.element.children)
        if (element.name === name || name === "*") next.push({ element, parent });
    level = next;
  }
  return level;
}

export function read<F extends Fields>(row: Row, fields: F): Values<F> {
  return readerOf(fields)(row);
}

function readerOf<F extends Fields>(fields: F): (row: Row) => Values<F> {
  const entries = Object.entries(fields);
  return (row) => {
    const values: Record<string, unknown> = {};
    for (const [name, field] of entries) values[name] = field(row);
    return values as Values<F>;
  };
}

/**
 * The text at a path: `name`, `../name`, `@seconds` behind it for an attribute, alternatives separated by `|`, the first that is
 * there. An element without text stands for its name, as flags do (`<self/>`). Null where there is none.
 */
export function text(path: string): Field<string | null> {
  const places = placesOf(path);
  return (row) => {
    for (const place of places) {
      const found = firstAt(row, place);
      if (found !== undefined) return typeof found === "string" ? found : found.text.trim() || found.name;
    }
    return null;
  };
}

/** The texts of all elements at a path, alternatives joined. */
export function texts(path: string): Field<string[]> {
  const places = placesOf(path);
  return (row) => places.flatMap((place) => textsAt(row, place));
}

/** A whole number; null where there is none or the element is empty. Throws InvalidValue for another text. */
export function integer(path: string): Field<number | null> {
  return numberBy(path, /^[+-]?\d+$/, "a whole number");
}

/** A decimal number, likewise. */
export function decimal(path: string): Field<number | null> {
  return numberBy(path, /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i, "a number");
}

/** Whether the text at a path is that one; null where there is no element. */
export function is(path: string, wanted: string): Field<boolean | null> {
  const value = text(path);
  return (row) => {
    const found = value(row);
    return found === null ? null : found === wanted;
  };
}

/** Whether there is such an element. */
export function has(path: string): Field<boolean> {
  const value = text(path);
  return (row) => value(row) !== null;
}

/** The whole number in a text, null for none. Throws InvalidValue. */
function numberBy(path: string, form: RegExp, what: string): Field<number | null> {
  const places = placesOf(path);
  return (row) => {
    for (const place of places) {
      const found = firstAt(row, place);
      if (found === undefined) continue;
      const written = typeof found === "string" ? found : found.text.trim();
      if (written === "") return null;
      if (!form.test(written)) throw new InvalidValue(`${what} (${path})`, written);
      return Number(written);
    }
    return null;
  };
}

/** A path taken apart: how often upwards, then downwards, then to an attribute. */
interface Place {
  readonly up: number;
  readonly down: string;
  /** Downwards is one step: the usual case, and the fastest. */
  readonly isChild: boolean;
  readonly attribute: string | undefined;
}

function placesOf(path: string): Place[] {
  return path.split("|").map((one) => {
    const [, ups = "", down = "", attribute] = /^((?:\.\.\/)*)([^@]*?)\/?(?:@(.*))?$/.exec(one.trim()) ?? [];
    return { up: ups.length / "../".length, down, isChild: /^[\w-]+$/.test(down), attribute };
  });
}

/** The first element, or the text of its attribute. */
function firstAt(row: Row, place: Place): XmlElement | string | undefined {
  const from = above(row, place.up);
  if (!from) return undefined;
  const { down, isChild, attribute } = place;
  const found = isChild ? from.child(down) : down === "" ? from : from.first(down);
  return attribute === undefined ? found : found && attributeOf(found, attribute);
}

function textsAt(row: Row, { up, down, attribute }: Place): string[] {
  const from = above(row, up);
  const found = from ? (down === "" ? [from] : from.all(down)) : [];
  if (attribute === undefined) return found.map((one) => one.text.trim() || one.name);
  return found.flatMap((one) => attributeOf(one, attribute) ?? []);
}

function above(row: Row, up: number): XmlElement | undefined {
  let from: Row | undefined = row;
  for (let left = up; left > 0; left -= 1) from = from?.parent;
  return from?.element;
}

/** An attribute by its local name: devices write `junos:seconds`. */
export function attributeOf({ attributes }: XmlElement, name: string): string | undefined {
  if (Object.hasOwn(attributes, name)) return attributes[name];
  for (const key in attributes) if (key.endsWith(`:${name}`)) return attributes[key];
  return undefined;
}
