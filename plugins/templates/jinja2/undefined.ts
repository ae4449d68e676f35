import {
  type BinaryOperator,
  type Kwargs,
  MISSING,
  type OrderOperator,
  PyObject,
  repr,
  textOf,
  typeName,
} from "../../../src/python/values/index.ts";
import { SecurityError, UndefinedError } from "./errors.ts";
import type { UndefinedKind } from "./options.ts";

/** What an undefined value allows before it fails. */
interface Manners {
  /** What printing it gives: nothing, a mark for debugging, or a failure. */
  readonly prints: "nothing" | "mark" | "failure";
  /** Whether attributes and items of it are undefined again. */
  readonly chains: boolean;
  /** Whether it may be asked for truth. */
  readonly truth: boolean;
  /** Whether it may be iterated, compared, measured. */
  readonly looks: boolean;
}

const MANNERS: Readonly<Record<UndefinedKind, Manners>> = {
  Undefined: { prints: "nothing", chains: false, truth: true, looks: true },
  ChainableUndefined: { prints: "nothing", chains: true, truth: true, looks: true },
  DebugUndefined: { prints: "mark", chains: false, truth: true, looks: true },
  StrictUndefined: { prints: "failure", chains: false, truth: false, looks: false },
  ChainableStrictUndefined: { prints: "failure", chains: true, truth: false, looks: false },
  ChainableFalsyStrictUndefined: { prints: "failure", chains: true, truth: true, looks: false },
};

/** Where an undefined value came from. */
export interface UndefinedOrigin {
  /** The message, where the message is not made from object and name. */
  readonly hint?: string;
  /** The value that lacks it; absent when it is a variable. */
  readonly of?: unknown;
  readonly name?: unknown;
  /** The use of it is not an oversight but forbidden. */
  readonly forbidden?: boolean;
}

/** A name, attribute or item that does not exist. */
export class Undefined extends PyObject {
  override readonly typeName: string;
  readonly kind: UndefinedKind;
  readonly origin: UndefinedOrigin;
  readonly #manners: Manners;

  constructor(kind: UndefinedKind, origin: UndefinedOrigin) {
    super();
    this.kind = kind;
    this.typeName = kind;
    this.origin = origin;
    this.#manners = MANNERS[kind];
  }

  get message(): string {
    const { hint, name } = this.origin;
    if (hint !== undefined) return hint;
    if (!("of" in this.origin)) return `${repr(name)} is undefined`;
    const owner = objectName(this.origin.of);
    return textOf(name) === undefined
      ? `${owner} has no element ${repr(name)}`
      : `${repr(owner)} has no attribute ${repr(name)}`;
  }

  /** Throws the error that using this value means. */
  fail(): never {
    throw this.origin.forbidden ? new SecurityError(this.message) : new UndefinedError(this.message);
  }

  override str(): string {
    if (this.#manners.prints === "nothing") return "";
    if (this.#manners.prints === "failure") return this.fail();
    const { hint, name } = this.origin;
    if (hint !== undefined) return `{{ undefined value printed: ${hint} }}`;
    if (!("of" in this.origin)) return `{{ ${String(name)} }}`;
    return `{{ no such element: ${objectName(this.origin.of)}[${repr(name)}] }}`;
  }

  override repr(): string {
    return "Undefined";
  }

  override truth(): boolean {
    return this.#manners.truth ? false : this.fail();
  }

  override equals(other: unknown): boolean {
    if (!this.#manners.looks) this.fail();
    return other instanceof Undefined && other.kind === this.kind;
  }

  override hashKey(): unknown {
    if (!this.#manners.looks) this.fail();
    return Undefined;
  }

  override order(_operator: OrderOperator, _other: unknown): boolean {
    return this.fail();
  }

  override length(): number {
    return this.#manners.looks ? 0 : this.fail();
  }

  override iterate(): Iterable<unknown> {
    return this.#manners.looks ? [] : this.fail();
  }

  override contains(_item: unknown): boolean {
    return this.#manners.looks ? false : this.fail();
  }

  override attribute(name: string): unknown {
    if (name.startsWith("__")) return MISSING;
    return this.#manners.chains ? this : this.fail();
  }

  override item(_key: unknown): unknown {
    return this.#manners.chains ? this : this.fail();
  }

  override binary(_operator: BinaryOperator, _other: unknown, _reflected: boolean): unknown {
    return this.fail();
  }

  override unary(_operator: "+" | "-"): unknown {
    return this.fail();
  }

  override get callable(): boolean {
    return true;
  }

  override call(_args: readonly unknown[], _kwargs: Kwargs | undefined): unknown {
    return this.fail();
  }
}

/** A value's type as Jinja2's messages name it: `int object`, `None`. */
function objectName(value: unknown): string {
  if (value === null || value === undefined) return "None";
  const name = value instanceof PyObject ? value.qualifiedName : typeName(value);
  return `${name} object`;
}
