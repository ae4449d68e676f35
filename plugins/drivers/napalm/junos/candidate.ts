import { element, parseXml, type XmlElement, XmlSyntaxError } from "../../../../src/device/xml/index.ts";
import { deviceErrors } from "../../../../src/plugin/index.ts";
import { LineRefused } from "../getter.ts";

/**
 * The request that loads a configuration: as XML, JSON, `set` commands or text in braces, told by how it begins, as NAPALM tells it. A
 * merge is sent as `replace`: the device then heeds `replace:` tags, and merges where there are none. Throws `CallInvalid` for commands
 * that are to replace everything, and LineRefused for XML that is none.
 */
export function loadRequest(config: string, isReplace: boolean): XmlElement {
  const action = isReplace ? "override" : "replace";
  switch (formatOf(config)) {
    case "xml":
      return element("load-configuration", { format: "xml", action }, [configurationOf(config)]);
    case "json":
      return element("load-configuration", { format: "json", action }, [
        element("configuration-json", {}, config),
      ]);
    case "set":
      if (isReplace)
        throw deviceErrors.CallInvalid({
          method: "load_replace_candidate",
          why: "set commands cannot replace a configuration as a whole; give it as text, XML or JSON, or merge them",
        });
      return element("load-configuration", { format: "text", action: "set" }, [
        element("configuration-set", {}, config),
      ]);
    default:
      return element("load-configuration", { format: "text", action }, [
        element("configuration-text", {}, config),
      ]);
  }
}

const COMMANDS = new Set(
  "set activate deactivate annotate copy delete insert protect rename unprotect edit top wildcard".split(" "),
);

function formatOf(config: string): "xml" | "json" | "set" | "text" {
  const text = config.trim();
  if (text.startsWith("<")) return "xml";
  if (COMMANDS.has(text.split(/\s/, 1)[0] ?? "")) return "set";
  return isJson(text) ? "json" : "text";
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function configurationOf(config: string): XmlElement {
  let root: XmlElement;
  try {
    root = parseXml(config);
  } catch (error) {
    if (!(error instanceof XmlSyntaxError)) throw error;
    const line = config.split("\n")[error.line - 1] ?? "";
    throw new LineRefused(error.message, { line, number: error.line }, { cause: error });
  }
  return root.name === "configuration" ? root : element("configuration", {}, [root]);
}
