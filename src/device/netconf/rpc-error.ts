import { NetPulseError } from "../../errors/define.ts";
import { netconfErrors } from "../../errors/netconf.ts";
import type { XmlElement } from "../xml/index.ts";

/** One `<rpc-error>` (RFC 6241, 4.3), or Junos' own `<xnm:error>` and `<xnm:warning>` in the same terms. */
export interface RpcError {
  /** `transport`, `rpc`, `protocol` or `application`; empty where the device does not say. */
  readonly type: string;
  /** Such as `lock-denied`; the RFC's appendix A lists them. */
  readonly tag: string;
  readonly severity: "error" | "warning";
  readonly appTag?: string;
  /** XPath of the element that the error is about, or Junos' place in the configuration. */
  readonly path?: string;
  /** The device's words, on one line. */
  readonly message: string;
  /** `<error-info>`: for instance `session-id` of the holder of a lock. */
  readonly info?: XmlElement;
}

/** The device refused a request. `errors` has all that it said, those that are only warnings in `warnings`. */
export class RpcRefusedError extends NetPulseError {
  readonly errors: readonly RpcError[];
  readonly warnings: readonly RpcError[];
  /** The whole reply: Junos puts data beside errors. */
  readonly reply: XmlElement;

  constructor(device: string, operation: string, found: readonly RpcError[], reply: XmlElement) {
    const { message, retry } = netconfErrors.definitions.RpcRefused;
    const errors = found.filter((one) => one.severity === "error");
    super("RpcRefused", message({ device, operation, why: errors.map(describe).join("; ") }), retry);
    this.errors = errors;
    this.warnings = found.filter((one) => one.severity === "warning");
    this.reply = reply;
  }

  /** Whether one of the errors has that tag. */
  hasTag(tag: string): boolean {
    return this.errors.some((one) => one.tag === tag);
  }
}

const LONGEST_WORDS = 300;

function describe({ tag, message, path, info }: RpcError): string {
  const words = message.length > LONGEST_WORDS ? `${message.slice(0, LONGEST_WORDS)}…` : message;
  const holder = info?.value("session-id") ?? "";
  return [
    words.replace(/[.:;\s]+$/, "") || tag || "it does not say why",
    words !== "" && tag !== "" ? ` (${tag})` : "",
    path === undefined ? "" : ` at ${path}`,
    holder === "" ? "" : `, held by session ${holder}`,
  ].join("");
}

// Junos puts errors into what they are about (`load-configuration-results`, a routing engine); deeper stands only data.
const DEEPEST = 4;

/** The errors and warnings of a reply, in the order in which they stand. */
export function rpcErrors(reply: XmlElement): RpcError[] {
  const found: RpcError[] = [];
  collect(reply, DEEPEST, found);
  return found;
}

function collect(within: XmlElement, levels: number, found: RpcError[]): void {
  for (const one of within.children) {
    if (one.name === "rpc-error") found.push(standard(one));
    else if (isJunosOwn(one)) found.push(junosOwn(one));
    else if (levels > 1 && one.children.length > 0) collect(one, levels - 1, found);
  }
}

function standard(error: XmlElement): RpcError {
  const info = error.child("error-info");
  const appTag = error.value("error-app-tag");
  const path = line(error.value("error-path"));
  return {
    type: error.value("error-type"),
    tag: error.value("error-tag"),
    severity: error.value("error-severity") === "warning" ? "warning" : "error",
    ...(appTag !== "" && { appTag }),
    ...(path !== "" && { path }),
    message: line(error.value("error-message")),
    ...(info && { info }),
  };
}

/** `<xnm:error>`; some replies leave out the declaration of the prefix. */
function isJunosOwn(one: XmlElement): boolean {
  if (one.name !== "error" && one.name !== "warning") return false;
  return one.namespace.includes("/xnm/") || (one.namespace === "" && one.has("message"));
}

function junosOwn(error: XmlElement): RpcError {
  const path = line(
    [error.value("edit-path"), error.value("statement")].filter((part) => part !== "").join(" "),
  );
  const token = error.value("token");
  const message = line(error.value("message"));
  return {
    type: "application",
    tag: "operation-failed",
    severity: error.name === "warning" ? "warning" : "error",
    ...(path !== "" && { path }),
    message: token === "" ? message : `${message} at "${token}"`,
  };
}

function line(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
