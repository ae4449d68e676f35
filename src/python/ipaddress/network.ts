import { spend } from "../values/budget.ts";
import { iterate } from "../values/iteration.ts";
import { PyIterator } from "../values/iterator.ts";
import type { MISSING } from "../values/object.ts";
import { PythonError, typeError, valueError } from "../values/python-error.ts";
import { quoteText } from "../values/text.ts";
import { IpAddress } from "./address.ts";
import { count, IpObject, method } from "./ip-object.ts";
import { explodedText, IpValueError, parseAddress, parsePrefix, type Version, WIDTH } from "./text.ts";

/** Python's IPv4Network or IPv6Network: a block of addresses. */
export class IpNetwork extends IpObject {
  readonly first: bigint;
  readonly prefixLength: number;

  /** The block of that length around the address. */
  constructor(address: bigint, prefixLength: number, version: Version) {
    super(version);
    this.prefixLength = prefixLength;
    this.first = address & maskOf(prefixLength, version);
  }

  /** Reads `address/prefix` or `address/mask`. With `strict`, bits behind the prefix are a ValueError. */
  static parse(text: string, version: Version, strict = true): IpNetwork {
    const [address, prefix] = splitPrefix(text, version);
    const value = parseAddress(address, version);
    const network = new IpNetwork(value, parsePrefix(prefix, version), version);
    if (strict && network.first !== value) throw valueError(`${text} has host bits set`);
    return network;
  }

  override get typeName(): string {
    return `IPv${this.version}Network`;
  }

  get last(): bigint {
    return this.first | this.hostBits();
  }

  get size(): bigint {
    return 1n << BigInt(WIDTH[this.version] - this.prefixLength);
  }

  override str(): string {
    return `${this.networkAddress().str()}/${this.prefixLength}`;
  }

  override exploded(): string {
    return `${explodedText(this.first, this.version)}/${this.prefixLength}`;
  }

  override contains(item: unknown): boolean | typeof MISSING {
    return (
      item instanceof IpAddress &&
      item.version === this.version &&
      item.value >= this.first &&
      item.value <= this.last
    );
  }

  override iterate(): Iterable<unknown> {
    return this.#addresses(this.first, this.last);
  }

  override attribute(name: string): unknown {
    switch (name) {
      case "network_address":
        return this.networkAddress();
      case "broadcast_address":
        return new IpAddress(this.last, this.version);
      case "netmask":
        return this.netmask();
      case "hostmask":
        return new IpAddress(this.hostBits(), this.version);
      case "prefixlen":
        return this.prefixLength;
      case "num_addresses":
        return count(this.size);
      case "with_prefixlen":
        return this.str();
      case "with_netmask":
        return `${this.networkAddress().str()}/${this.netmask().str()}`;
      case "with_hostmask":
        return `${this.networkAddress().str()}/${new IpAddress(this.hostBits(), this.version).str()}`;
      case "hosts":
        return method("hosts", () => this.#hosts());
      case "overlaps":
        return method("overlaps", (other) => this.overlaps(other));
      case "subnet_of":
        return method("subnet_of", (other) => this.#within(other, this));
      case "supernet_of":
        return method("supernet_of", (other) => this.#within(this, other));
      case "subnets":
        return method("subnets", (by = 1) => this.#subnets(by));
      case "supernet":
        return method("supernet", (by = 1) => this.#supernet(by));
      default:
        return super.attribute(name);
    }
  }

  networkAddress(): IpAddress {
    return new IpAddress(this.first, this.version);
  }

  netmask(): IpAddress {
    return new IpAddress(maskOf(this.prefixLength, this.version), this.version);
  }

  hostBits(): bigint {
    return (1n << BigInt(WIDTH[this.version] - this.prefixLength)) - 1n;
  }

  /** Whether the two blocks have an address in common. */
  overlaps(other: unknown): boolean {
    if (!(other instanceof IpNetwork)) throw typeError("a network is needed");
    return other.version === this.version && other.first <= this.last && this.first <= other.last;
  }

  #within(inner: unknown, outer: unknown): boolean {
    if (!(inner instanceof IpNetwork) || !(outer instanceof IpNetwork))
      throw typeError("a network is needed");
    if (inner.version !== outer.version)
      throw typeError(`${inner.str()} and ${outer.str()} are not of the same version`);
    return outer.first <= inner.first && outer.last >= inner.last;
  }

  #hosts(): unknown {
    const width = WIDTH[this.version];
    if (this.prefixLength >= width - 1) return [...iterate(this)];
    const last = this.version === 4 ? this.last - 1n : this.last;
    return new PyIterator(this.#addresses(this.first + 1n, last)[Symbol.iterator]());
  }

  *#addresses(from: bigint, to: bigint): IterableIterator<IpAddress> {
    for (let value = from; value <= to; value += 1n) {
      spend();
      yield new IpAddress(value, this.version);
    }
  }

  #subnets(by: unknown): unknown {
    const length = this.prefixLength + Number(by);
    if (!(Number(by) > 0)) throw valueError("prefix length diff must be > 0");
    if (length > WIDTH[this.version])
      throw valueError(`prefix length diff ${Number(by)} is invalid for netblock ${this.str()}`);
    if (Number(by) > 16) throw new PythonError("ValueError", "more than 65,536 subnets are not listed");
    const step = 1n << BigInt(WIDTH[this.version] - length);
    return Array.from(
      { length: 2 ** Number(by) },
      (_, n) => new IpNetwork(this.first + BigInt(n) * step, length, this.version),
    );
  }

  #supernet(by: unknown): IpNetwork {
    if (this.prefixLength === 0) return this;
    const length = this.prefixLength - Number(by);
    if (length < 0)
      throw valueError(
        `current prefixlen is ${this.prefixLength}, cannot have a prefixlen_diff of ${Number(by)}`,
      );
    return new IpNetwork(this.first, length, this.version);
  }

  protected override judged(): readonly [bigint, bigint] {
    return [this.first, this.last];
  }

  protected override identity(): string {
    return `${this.version} ${this.first}/${this.prefixLength}`;
  }

  protected override rank(): readonly bigint[] {
    return [this.first, BigInt(this.prefixLength)];
  }
}

/** Address and prefix of `address/prefix`; the prefix of an address alone is all its bits. */
export function splitPrefix(text: string, version: Version): readonly [string, string] {
  const parts = text.split("/");
  if (parts.length > 2) throw new IpValueError(`Only one '/' permitted in ${quoteText(text)}`);
  return [parts[0] ?? "", parts[1] ?? String(WIDTH[version])];
}

function maskOf(prefixLength: number, version: Version): bigint {
  const width = BigInt(WIDTH[version]);
  const ones = (1n << BigInt(prefixLength)) - 1n;
  return ones << (width - BigInt(prefixLength));
}
