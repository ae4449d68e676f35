const BASE = /^urn:ietf:params:netconf:base:(\d+\.\d+)$/;
const STANDARD = "urn:ietf:params:netconf:capability:";

/** What the two sides announce. Junos also sends the same names with `xml:ns` in them, which mean the same. */
export class Capabilities {
  /** As announced, in that order. */
  readonly uris: readonly string[];
  private readonly known: ReadonlySet<string>;

  constructor(uris: readonly string[]) {
    this.uris = uris;
    this.known = new Set(uris.map(withoutParameters));
  }

  /**
   * Whether one is announced, by its URI or, for those of the standards, by its short name with or without a version.
   *
   * @example
   * capabilities.has(":confirmed-commit"); // in any version
   * capabilities.has(":confirmed-commit:1.1");
   * capabilities.has("http://xml.juniper.net/netconf/junos/1.0");
   */
  has(name: string): boolean {
    if (!name.startsWith(":")) return this.known.has(withoutParameters(name));
    const base = /^:base:(.+)$/.exec(name);
    if (base) return this.known.has(`urn:ietf:params:netconf:base:${base[1]}`);
    const uri = `${STANDARD}${name.slice(1)}`;
    return this.known.has(uri) || [...this.known].some((one) => one.startsWith(`${uri}:`));
  }

  /** The versions of the protocol itself: `1.0`, `1.1`. */
  get versions(): readonly string[] {
    return [...this.known].flatMap((uri) => BASE.exec(uri)?.[1] ?? []);
  }
}

function withoutParameters(uri: string): string {
  const plain = uri.trim().split("?")[0] ?? "";
  return plain.replace(/^urn:ietf:params:xml:ns:netconf:/, "urn:ietf:params:netconf:");
}
