import type { BinaryOperator } from "../values/object.ts";
import { MISSING } from "../values/object.ts";
import { IpObject } from "./ip-object.ts";
import { addressText, explodedText, IpValueError, parseAddress, type Version, WIDTH } from "./text.ts";

/** Python's IPv4Address or IPv6Address. */
export class IpAddress extends IpObject {
  readonly value: bigint;

  constructor(value: bigint, version: Version) {
    super(version);
    if (value < 0n || value >> BigInt(WIDTH[version]) !== 0n) {
      throw new IpValueError(`${value} is not permitted as an IPv${version} address`);
    }
    this.value = value;
  }

  /** Reads an address. Throws IpValueError. */
  static parse(text: string, version: Version): IpAddress {
    return new IpAddress(parseAddress(text, version), version);
  }

  override get typeName(): string {
    return `IPv${this.version}Address`;
  }

  override str(): string {
    return addressText(this.value, this.version);
  }

  override exploded(): string {
    return explodedText(this.value, this.version);
  }

  override attribute(name: string): unknown {
    if (name === "reverse_pointer") return this.#reversePointer();
    if (name === "ipv4_mapped" && this.version === 6) return this.#mapped();
    const mapped = this.#mapped();
    if (name === "is_private" && mapped !== null) return mapped.attribute(name);
    return super.attribute(name);
  }

  /** The IPv4 address within an IPv6 one such as `::ffff:1.2.3.4`. */
  #mapped(): IpAddress | null {
    return this.version === 6 && this.value >> 32n === 0xffffn
      ? new IpAddress(this.value & 0xffffffffn, 4)
      : null;
  }

  /** `address + 1`: the next address. */
  override binary(operator: BinaryOperator, other: unknown, reflected: boolean): unknown {
    if (reflected || typeof other !== "number" || !Number.isSafeInteger(other)) return MISSING;
    if (operator === "+") return new IpAddress(this.value + BigInt(other), this.version);
    return operator === "-" ? new IpAddress(this.value - BigInt(other), this.version) : MISSING;
  }

  protected override judged(): readonly [bigint, bigint] {
    return [this.value, this.value];
  }

  protected override identity(): string {
    return `${this.version} ${this.value}`;
  }

  protected override rank(): readonly bigint[] {
    return [this.value];
  }

  #reversePointer(): string {
    const text = this.exploded();
    if (this.version === 4) return `${text.split(".").toReversed().join(".")}.in-addr.arpa`;
    return `${[...text.replaceAll(":", "")].toReversed().join(".")}.ip6.arpa`;
  }
}
