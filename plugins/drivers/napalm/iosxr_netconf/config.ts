import { treeOf } from "../cisco-xr/tree.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { withoutSecrets } from "../values/secrets.ts";
import { configText } from "./config-text.ts";
import { type Asking, type Datastore, reply, sessionFacts, type XrNetconfGetter } from "./request.ts";

/**
 * As lines of the command line, or as XML where the session is told so. There is no startup configuration: what is committed is what
 * the router starts with. Default values cannot be asked for, and secrets are only known within lines.
 */
export const getConfig: XrNetconfGetter = function* ({ args: { retrieve = "all", full, sanitized } }) {
  const { configEncoding } = yield* sessionFacts();
  if (full) throw new InvalidValue("supported over NETCONF, which does not tell default values", "full");
  if (sanitized && configEncoding === "xml")
    throw new InvalidValue("supported for configuration as XML", "sanitized");
  const wants = (one: string) => retrieve === "all" || retrieve === one;
  const running = wants("running") ? yield* configuration("running") : "";
  const candidate = wants("candidate") ? yield* configuration("candidate") : "";
  const kept = (config: string) => (sanitized ? withoutSecrets(config, "cisco") : config);
  return { startup: "", running: kept(running), candidate: kept(candidate) };
};

function* configuration(source: Datastore): Asking<string> {
  const { configEncoding, models } = yield* sessionFacts();
  if (configEncoding === "xml") return configText(yield* reply({ operation: "get-config", source }), models);
  const data = yield* reply({ operation: "get-config", source, filter: [lines] });
  return data.value("cli");
}

const lines = treeOf("Cisco-IOS-XR-cli-cfg:cli");
