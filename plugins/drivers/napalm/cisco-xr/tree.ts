import { element, type XmlElement } from "../../../../src/device/xml/index.ts";

/** Content of an element: its text, or children by path; a list repeats the last element of its path. */
export type Tree = string | number | { readonly [path: string]: Tree | readonly Tree[] };

/**
 * Builds XML of small data. A name that its YANG module qualifies, as in JSON of YANG data (RFC 7951), begins that module's namespace.
 *
 * @example
 * treeOf("Get/Operational/ARP"); // <Get><Operational><ARP/></Operational></Get>
 * treeOf("Cisco-IOS-XR-ip-ntp-cfg:ntp/peer-vrfs", { "peer-vrf": "" });
 */
export function treeOf(path: string, content: Tree = ""): XmlElement {
  const [name = "", ...below] = path.split("/");
  if (below.length > 0) return named(name, [treeOf(below.join("/"), content)]);
  return named(name, typeof content === "object" ? childrenOf(content) : String(content));
}

function childrenOf(content: Exclude<Tree, string | number>): XmlElement[] {
  return Object.entries(content).flatMap(([path, one]) =>
    isList(one) ? one.map((each) => treeOf(path, each)) : [treeOf(path, one)],
  );
}

function isList(content: Tree | readonly Tree[]): content is readonly Tree[] {
  return Array.isArray(content);
}

function named(qualified: string, content: string | readonly XmlElement[]): XmlElement {
  const [module, name] = qualified.split(":");
  if (module === undefined || name === undefined) return element(qualified, {}, content);
  return element(name, { xmlns: namespaceOf(module) }, content);
}

/** Where the modules of a Cisco router have their namespace; those of the system administration plane have another host. */
export function namespaceOf(module: string): string {
  const host = module.startsWith("Cisco-IOS-XR-sysadmin-") ? "www.cisco.com" : "cisco.com";
  return module.startsWith("Cisco-IOS-XR-")
    ? `http://${host}/ns/yang/${module}`
    : `urn:ietf:params:xml:ns:yang:${module}`;
}
