import { isDeepStrictEqual } from "node:util";
import { iosArguments, iosSettings } from "../../../../plugins/drivers/napalm/ios/settings.ts";
import { type IosVerbRequest, IosVerbs } from "../../../../plugins/drivers/napalm/ios/verbs.ts";
import type { RecordedExchange, VerbAdapter } from "./verb-adapters.ts";

/** The user who was logged in when the dialogues were recorded. */
const USERNAME = "u";

export const iosVerbs: VerbAdapter = {
  verbs: ({ optional_args }) => {
    const settings = iosSettings(iosArguments.schema.parse(optional_args));
    return new IosVerbs({ ...settings, device: "device", username: USERNAME });
  },
  matches: (request, recorded) => isDeepStrictEqual(asRecorded(request as IosVerbRequest), keyOf(recorded)),
  reply: ({ reply }) => {
    if (Array.isArray(reply) && reply[0] === false) throw new Error(String(reply[1]));
    return typeof reply === "string" ? reply : "";
  },
};

/** A request as Netmiko's calls were recorded. */
function asRecorded(request: IosVerbRequest): Readonly<Record<string, unknown>> {
  switch (request.kind) {
    case "command":
      return { send_command: request.command };
    case "enter":
      return { config_mode: request.command };
    case "leave":
      return { exit_config_mode: true };
    case "put":
      return {
        transfer: {
          content: request.content,
          dest_file: request.file,
          file_system: request.fileSystem,
        },
      };
    case "save":
      return { save_config: "write mem" };
  }
}

/** What of an exchange is not its reply, nor how it was waited for or carried. */
function keyOf(recorded: RecordedExchange): Readonly<Record<string, unknown>> {
  const { reply, reply_format, expect_string, read_timeout, ...key } = recorded;
  if (typeof key.transfer !== "object" || key.transfer === null) return key;
  const { via, ...transfer } = key.transfer as Record<string, unknown>;
  return { transfer };
}
