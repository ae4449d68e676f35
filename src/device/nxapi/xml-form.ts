import { element, type XmlElement } from "../xml/element.ts";
import { parseXml } from "../xml/parse.ts";
import { writeXml } from "../xml/write.ts";
import { NxapiCommandError } from "./command-error.ts";
import type { NxapiFormat } from "./json-rpc-form.ts";
import { ReplyUnreadable } from "./reply-unreadable.ts";

const TYPES = { json: "cli_show", text: "cli_show_ascii", config: "cli_conf" } as const satisfies Record<
  NxapiFormat,
  string
>;

/** The body of a request in the form that NX-API had first: all commands in one `ins_api`. Throws TypeError for a command with ` ;`. */
export function xmlRequest(commands: readonly string[], format: NxapiFormat): string {
  const joined = commands.find((command) => command.includes(" ;"));
  if (joined !== undefined) throw new TypeError(`${JSON.stringify(joined)} would be taken for two commands`);
  const parts = {
    version: "1.0",
    type: TYPES[format],
    chunk: "0",
    sid: "sid",
    input: commands.join(" ;"),
    output_format: "xml",
  };
  const children = Object.entries(parts).map(([name, text]) => element(name, {}, text));
  return `<?xml version="1.0"?>\n${writeXml(element("ins_api", {}, children))}`;
}

/** The `output` of each command. Throws `NxapiCommandError` for the first that failed and `ReplyUnreadable`. */
export function xmlResults(body: string, commands: readonly string[]): XmlElement[] {
  const outputs = outputsOf(body);
  if (outputs.length !== commands.length)
    throw new ReplyUnreadable(`there are ${outputs.length} outputs of ${commands.length} commands`);
  for (const [index, output] of outputs.entries()) {
    const failure = output.first("clierror");
    if (!failure) continue;
    const command = output.value("input") || (commands[index] ?? "");
    throw new NxapiCommandError({
      command,
      index,
      code: Number(output.value("code")) || 0,
      answer: failure.value(),
    });
  }
  return outputs;
}

function outputsOf(body: string): XmlElement[] {
  try {
    return [...parseXml(body).all("outputs/output")];
  } catch (error) {
    throw new ReplyUnreadable(`the reply is not XML: ${body.slice(0, 120)}`, { cause: error });
  }
}
