import { attributeError, typeError } from "./python-error.ts";

/** "There is no such thing": what an attribute look-up answers in place of a value; never seen by a template. */
export const MISSING: unique symbol = Symbol("missing");

/** Keyword arguments of a call, in call order. */
export type Kwargs = ReadonlyMap<string, unknown>;

/** Binary operators as Python writes them. */
export type BinaryOperator = "+" | "-" | "*" | "/" | "//" | "%" | "**";

/** Ordering operators. */
export type OrderOperator = "<" | "<=" | ">" | ">=";

/**
 * A Python value that is not one of the built-in types: what a class instance is in Python. Subclasses override what
 * their values can do; the defaults are Python's defaults for `object`.
 */
export abstract class PyObject {
  /** The class name that `type(x).__name__` gives. */
  abstract readonly typeName: string;

  /** The class name with its module, as messages about attributes show it. */
  get qualifiedName(): string {
    return this.typeName;
  }

  str(): string {
    return this.repr();
  }

  repr(): string {
    return `<${this.qualifiedName} object>`;
  }

  truth(): boolean {
    return this.length() !== 0;
  }

  equals(other: unknown): boolean {
    return this === other;
  }

  /** What stands for this value among the keys of a dict. */
  hashKey(): unknown {
    return this;
  }

  /** The ordering, or MISSING when the two have none. */
  order(_operator: OrderOperator, _other: unknown): boolean | typeof MISSING {
    return MISSING;
  }

  /** The number of items, or undefined when the value has no length. */
  length(): number | undefined {
    return undefined;
  }

  iterate(): Iterable<unknown> {
    throw typeError(`'${this.typeName}' object is not iterable`);
  }

  contains(_item: unknown): boolean | typeof MISSING {
    return MISSING;
  }

  /** The attribute, or MISSING. Only names that the class means to offer: never properties of JavaScript objects. */
  attribute(_name: string): unknown {
    return MISSING;
  }

  setAttribute(name: string, _value: unknown): void {
    throw attributeError(`'${this.typeName}' object has no attribute '${name}'`);
  }

  item(_key: unknown): unknown {
    throw typeError(`'${this.typeName}' object is not subscriptable`);
  }

  /** The result of `this <op> other` (or `other <op> this` when reflected), or MISSING. */
  binary(_operator: BinaryOperator, _other: unknown, _reflected: boolean): unknown {
    return MISSING;
  }

  unary(operator: "+" | "-"): unknown {
    throw typeError(`bad operand type for unary ${operator}: '${this.typeName}'`);
  }

  get callable(): boolean {
    return false;
  }

  call(_args: readonly unknown[], _kwargs: Kwargs | undefined): unknown {
    throw typeError(`'${this.typeName}' object is not callable`);
  }
}

/** An instance of a subclass of `str`: behaves as its text wherever a string is expected. */
export abstract class TextObject extends PyObject {
  readonly text: string;

  constructor(text: string) {
    super();
    this.text = text;
  }

  override str(): string {
    return this.text;
  }

  override hashKey(): unknown {
    return this.text;
  }
}

/** The JavaScript string of a `str` or of an instance of a subclass, else undefined. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return value instanceof TextObject ? value.text : undefined;
}

/** A function offered to templates. `run` gets the arguments as they were passed. */
export class PyFunction extends PyObject {
  override readonly typeName: string;
  readonly name: string;
  readonly run: (args: readonly unknown[], kwargs: Kwargs | undefined) => unknown;

  constructor(
    name: string,
    run: (args: readonly unknown[], kwargs: Kwargs | undefined) => unknown,
    typeName = "function",
  ) {
    super();
    this.name = name;
    this.run = run;
    this.typeName = typeName;
  }

  override repr(): string {
    return this.typeName === "function" ? `<function ${this.name}>` : `<built-in method ${this.name}>`;
  }

  override get callable(): boolean {
    return true;
  }

  override call(args: readonly unknown[], kwargs: Kwargs | undefined): unknown {
    return this.run(args, kwargs);
  }
}

/** A class as a value: nothing but its name, so that `x.__class__.__name__` works and leads nowhere. */
export class PyType extends PyObject {
  override readonly typeName = "type";
  readonly name: string;

  constructor(name: string) {
    super();
    this.name = name;
  }

  override repr(): string {
    return `<class '${this.name}'>`;
  }

  override equals(other: unknown): boolean {
    return other instanceof PyType && other.name === this.name;
  }

  override attribute(name: string): unknown {
    return name === "__name__" ? this.name : MISSING;
  }
}
