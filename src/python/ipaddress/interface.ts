import { IpAddress } from "./address.ts";
import { IpNetwork, splitPrefix } from "./network.ts";
import { explodedText, parseAddress, parsePrefix, type Version } from "./text.ts";

/** Python's IPv4Interface or IPv6Interface: an address with the network that it is in. */
export class IpInterface extends IpAddress {
  readonly network: IpNetwork;

  constructor(value: bigint, prefixLength: number, version: Version) {
    super(value, version);
    this.network = new IpNetwork(value, prefixLength, version);
  }

  /** Reads `address/prefix`, `address/mask` or an address alone. Throws IpValueError. */
  static override parse(text: string, version: Version): IpInterface {
    const [address, prefix] = splitPrefix(text, version);
    return new IpInterface(parseAddress(address, version), parsePrefix(prefix, version), version);
  }

  override get typeName(): string {
    return `IPv${this.version}Interface`;
  }

  override str(): string {
    return `${super.str()}/${this.network.prefixLength}`;
  }

  override exploded(): string {
    return `${explodedText(this.value, this.version)}/${this.network.prefixLength}`;
  }

  override attribute(name: string): unknown {
    switch (name) {
      case "ip":
        return new IpAddress(this.value, this.version);
      case "network":
        return this.network;
      case "netmask":
      case "hostmask":
        return this.network.attribute(name);
      case "with_prefixlen":
        return this.str();
      case "with_netmask":
        return `${super.str()}/${this.network.netmask().str()}`;
      case "with_hostmask":
        return `${super.str()}/${new IpAddress(this.network.hostBits(), this.version).str()}`;
      case "is_unspecified":
      case "is_loopback":
        if (this.version === 6)
          return super.attribute(name) === true && this.network.attribute(name) === true;
        return super.attribute(name);
      default:
        return super.attribute(name);
    }
  }

  protected override identity(): string {
    return `${super.identity()}/${this.network.prefixLength}`;
  }

  protected override rank(): readonly bigint[] {
    return [this.network.first, BigInt(this.network.prefixLength), this.value];
  }
}
