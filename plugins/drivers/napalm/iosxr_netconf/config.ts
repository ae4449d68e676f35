import { treeOf } from "../cisco-xr/tree.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { withoutSecrets } from "../values/secrets.ts";
import { configText } from "./config-text.ts";
import { type Asking, type Datastore, reply, type XrNetconfGetter } from "./request.ts";

/**
 * As lines of the command line or, with `config_encoding: xml`, as XML of the router's models. There is no startup configuration: what
 * is committed is what the router starts with. Secrets are only known within lines.
 */
export const getConfig: XrNetconfGetter = function* ({ args, settings }) {
  const { retrieve = "all", sanitized } = args;
  const asXml = settings?.config_encoding === "xml";
  if (sanitized && asXml) throw new InvalidValue("supported for configuration as XML", "sanitized");
  const wants = (one: string) => retrieve === "all" || retrieve === one;
  const running = wants("running") ? yield* configuration("running", asXml) : "";
  const candidate = wants("candidate") ? yield* configuration("candidate", asXml) : "";
  const kept = (config: string) => (sanitized ? withoutSecrets(config, "cisco") : config);
  return { startup: "", running: kept(running), candidate: kept(candidate) };
};

function* configuration(source: Datastore, asXml: boolean): Asking<string> {
  if (asXml) return configText(yield* reply({ operation: "get-config", source }));
  const data = yield* reply({ operation: "get-config", source, filter: [lines] });
  return data.value("cli");
}

const lines = treeOf("Cisco-IOS-XR-cli-cfg:cli");
