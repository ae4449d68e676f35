import { int } from "../values/numbers.ts";
import { MISSING, type OrderOperator, PyFunction, PyObject } from "../values/object.ts";
import { typeError } from "../values/python-error.ts";
import { isOfKind, type Kind } from "./ranges.ts";
import { type Version, WIDTH } from "./text.ts";

/** What addresses, interfaces and networks have in common. */
export abstract class IpObject extends PyObject {
  readonly version: Version;

  constructor(version: Version) {
    super();
    this.version = version;
  }

  /** First and last address of the block that the `is_...` attributes judge. */
  protected abstract judged(): readonly [bigint, bigint];
  /** What makes two objects of one class equal. */
  protected abstract identity(): string;
  /** What they are ordered by. */
  protected abstract rank(): readonly bigint[];
  abstract exploded(): string;

  override get qualifiedName(): string {
    return this.typeName;
  }

  override repr(): string {
    return `${this.typeName}('${this.str()}')`;
  }

  override truth(): boolean {
    return true;
  }

  override equals(other: unknown): boolean {
    return (
      other instanceof IpObject && other.typeName === this.typeName && other.identity() === this.identity()
    );
  }

  override hashKey(): unknown {
    return `\0${this.typeName} ${this.identity()}`;
  }

  override order(operator: OrderOperator, other: unknown): boolean | typeof MISSING {
    if (!(other instanceof IpObject) || other.rank().length !== this.rank().length) return MISSING;
    if (other.version !== this.version) {
      throw typeError(`${this.str()} and ${other.str()} are not of the same version`);
    }
    const difference = compareRanks(this.rank(), other.rank());
    if (operator === "<") return difference < 0;
    if (operator === "<=") return difference <= 0;
    return operator === ">" ? difference > 0 : difference >= 0;
  }

  override attribute(name: string): unknown {
    switch (name) {
      case "version":
        return this.version;
      case "max_prefixlen":
        return WIDTH[this.version];
      case "compressed":
        return this.str();
      case "exploded":
        return this.exploded();
      case "is_global":
        return !this.#is("private") && !this.#is("shared");
      case "is_link_local":
      case "is_loopback":
      case "is_multicast":
      case "is_private":
      case "is_reserved":
      case "is_unspecified":
        return this.#is(name.slice("is_".length) as Kind);
      case "is_site_local":
        return this.version === 6 ? this.#is("site_local") : MISSING;
      default:
        return MISSING;
    }
  }

  #is(kind: Kind): boolean {
    const [first, last] = this.judged();
    return isOfKind(first, last, this.version, kind);
  }
}

/** A method that needs nothing but its arguments. */
export function method(name: string, run: (...args: unknown[]) => unknown): PyFunction {
  return new PyFunction(name, (args) => run(...args), "builtin_function_or_method");
}

/** A count as a Python int. */
export function count(value: bigint): number | bigint {
  return int(value);
}

function compareRanks(a: readonly bigint[], b: readonly bigint[]): number {
  for (const [index, value] of a.entries()) {
    const other = b[index] ?? 0n;
    if (value !== other) return value < other ? -1 : 1;
  }
  return 0;
}
