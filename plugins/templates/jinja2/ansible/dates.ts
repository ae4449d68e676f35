import {
  type BinaryOperator,
  float,
  isNumber,
  MISSING,
  type OrderOperator,
  PyObject,
  str,
  toDouble,
  valueError,
} from "../../../../src/python/values/index.ts";
import { FilterArgumentError } from "../errors.ts";
import { type FilterFunction, filter } from "../filter.ts";

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = "January February March April May June July August September October November December".split(
  " ",
);
const two = (value: number): string => String(value).padStart(2, "0");

/** A point in time without zone, as Python's `datetime`; always UTC here. */
class DateTime extends PyObject {
  override readonly typeName = "datetime";
  readonly ms: number;

  constructor(ms: number) {
    super();
    this.ms = ms;
  }

  override str(): string {
    return strftime("%Y-%m-%d %H:%M:%S", this.ms);
  }

  override truth(): boolean {
    return true;
  }

  override equals(other: unknown): boolean {
    return other instanceof DateTime && other.ms === this.ms;
  }

  override order(operator: OrderOperator, other: unknown): boolean | typeof MISSING {
    if (!(other instanceof DateTime)) return MISSING;
    const difference = this.ms - other.ms;
    if (operator.endsWith("=") && difference === 0) return true;
    return operator.startsWith("<") ? difference < 0 : difference > 0;
  }

  override binary(operator: BinaryOperator, other: unknown, reflected: boolean): unknown {
    return operator === "-" && !reflected && other instanceof DateTime
      ? new TimeDelta(this.ms - other.ms)
      : MISSING;
  }

  override attribute(name: string): unknown {
    const date = new Date(this.ms);
    switch (name) {
      case "year":
        return date.getUTCFullYear();
      case "month":
        return date.getUTCMonth() + 1;
      case "day":
        return date.getUTCDate();
      case "hour":
        return date.getUTCHours();
      case "minute":
        return date.getUTCMinutes();
      case "second":
        return date.getUTCSeconds();
    }
    return MISSING;
  }
}

/** The time between two points, as Python's `timedelta`. */
class TimeDelta extends PyObject {
  override readonly typeName = "timedelta";
  readonly ms: number;

  constructor(ms: number) {
    super();
    this.ms = ms;
  }

  override truth(): boolean {
    return this.ms !== 0;
  }

  override str(): string {
    const days = Math.floor(this.ms / 86_400_000);
    const rest = Math.floor(this.ms / 1000) - days * 86_400;
    const clock = `${Math.floor(rest / 3600)}:${two(Math.floor(rest / 60) % 60)}:${two(rest % 60)}`;
    return days === 0 ? clock : `${days} day${Math.abs(days) === 1 ? "" : "s"}, ${clock}`;
  }

  override attribute(name: string): unknown {
    const days = Math.floor(this.ms / 86_400_000);
    if (name === "days") return days;
    if (name === "seconds") return Math.floor(this.ms / 1000) - days * 86_400;
    return name === "total_seconds" ? new Seconds(this.ms / 1000) : MISSING;
  }
}

/** The method `total_seconds` of a time span. */
class Seconds extends PyObject {
  override readonly typeName = "builtin_function_or_method";
  readonly #value: number;

  constructor(value: number) {
    super();
    this.#value = value;
  }

  override get callable(): boolean {
    return true;
  }

  override call(): unknown {
    return float(this.#value);
  }
}

/** A time (milliseconds since 1970, UTC) in a format of C's `strftime`. */
function strftime(format: string, ms: number): string {
  const date = new Date(ms);
  const hour = date.getUTCHours();
  const start = Date.UTC(date.getUTCFullYear(), 0, 1);
  const directives: Readonly<Record<string, () => string>> = {
    Y: () => String(date.getUTCFullYear()).padStart(4, "0"),
    m: () => two(date.getUTCMonth() + 1),
    d: () => two(date.getUTCDate()),
    H: () => two(hour),
    M: () => two(date.getUTCMinutes()),
    S: () => two(date.getUTCSeconds()),
    y: () => two(date.getUTCFullYear() % 100),
    I: () => two(hour % 12 || 12),
    p: () => (hour < 12 ? "AM" : "PM"),
    A: () => DAYS[date.getUTCDay()] ?? "",
    a: () => DAYS[date.getUTCDay()]?.slice(0, 3) ?? "",
    B: () => MONTHS[date.getUTCMonth()] ?? "",
    b: () => MONTHS[date.getUTCMonth()]?.slice(0, 3) ?? "",
    j: () => String(Math.floor((ms - start) / 86_400_000) + 1).padStart(3, "0"),
    w: () => String(date.getUTCDay()),
    s: () => String(Math.floor(ms / 1000)),
    Z: () => "UTC",
    z: () => "+0000",
    F: () => strftime("%Y-%m-%d", ms),
    T: () => strftime("%H:%M:%S", ms),
    D: () => strftime("%m/%d/%y", ms),
    R: () => strftime("%H:%M", ms),
    "%": () => "%",
  };
  return format.replace(/%(.)/g, (whole: string, letter: string) =>
    Object.hasOwn(directives, letter) ? (directives[letter]?.() ?? whole) : whole,
  );
}

const READERS: Readonly<Record<string, string>> = {
  Y: "(?<Y>\\d{4})",
  m: "(?<m>\\d{1,2})",
  d: "(?<d>\\d{1,2})",
  H: "(?<H>\\d{1,2})",
  M: "(?<M>\\d{1,2})",
  S: "(?<S>\\d{1,2})",
  y: "(?<y>\\d{2})",
  b: "(?<b>[A-Za-z]{3})",
  B: "(?<b>[A-Za-z]+)",
  f: "\\d{1,6}",
  z: "(?:Z|[+-]\\d\\d:?\\d\\d)",
  Z: "[A-Z]*",
  "%": "%",
};

function readTime(text: string, format: string): number {
  const pattern = format.replace(/%(.)|([\\^$.*+?()[\]{}|])|(\s+)/g, (_: string, ...found: unknown[]) => {
    const [letter, special, space] = found as (string | undefined)[];
    if (special !== undefined) return `\\${special}`;
    if (space !== undefined) return "\\s+";
    if (letter === undefined || !Object.hasOwn(READERS, letter)) {
      throw valueError(`'${letter}' is a bad directive in format '${format}'`);
    }
    return READERS[letter] ?? "";
  });
  const groups = new RegExp(`^${pattern}$`).exec(text)?.groups;
  if (!groups) throw valueError(`time data '${text}' does not match format '${format}'`);
  const number = (key: string, fallback: number) =>
    groups[key] === undefined ? fallback : Number(groups[key]);
  const named =
    groups.b === undefined
      ? 0
      : MONTHS.findIndex((m) => m.slice(0, 3).toLowerCase() === groups.b?.slice(0, 3).toLowerCase());
  const year =
    groups.y === undefined ? number("Y", 1900) : number("y", 0) + (number("y", 0) < 69 ? 2000 : 1900);
  const ms = Date.UTC(
    year,
    number("m", named + 1) - 1,
    number("d", 1),
    number("H", 0),
    number("M", 0),
    number("S", 0),
  );
  if (new Date(ms).getUTCDate() !== number("d", 1)) throw valueError("day is out of range for month");
  return ms;
}

/** Filters on times, by name. The present time is no input of a template, so a time must be given. */
export const DATE_FILTERS: ReadonlyMap<string, FilterFunction> = new Map<string, FilterFunction>([
  [
    "strftime",
    filter({ second: null, utc: true }, (_c, format, second) => {
      if (!isNumber(second))
        throw new FilterArgumentError("strftime needs the seconds since 1970: '%Y' | strftime(seconds)");
      return strftime(str(format), toDouble(second) * 1000);
    }),
  ],
  [
    "to_datetime",
    filter(
      { format: "%Y-%m-%d %H:%M:%S" },
      (_c, value, format) => new DateTime(readTime(str(value), str(format))),
    ),
  ],
]);
