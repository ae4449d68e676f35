import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { CommandRefused } from "../../../../plugins/drivers/napalm/getter.ts";
import { nxosGetters } from "../../../../plugins/drivers/napalm/nxos/getters.ts";
import type { NxosRequest } from "../../../../plugins/drivers/napalm/nxos/request.ts";
import {
  type NxosVerbRequest,
  NxosVerbs,
  rollbackCommand,
  withoutQuestions,
} from "../../../../plugins/drivers/napalm/nxos/verbs.ts";
import { dataOf, lineOf } from "../../../../plugins/drivers/napalm/nxos_ssh/command-line.ts";
import { nxosSshGetters } from "../../../../plugins/drivers/napalm/nxos_ssh/getters.ts";
import type { GetterAdapter } from "./adapters.ts";
import type { RecordedExchange, VerbAdapter } from "./verb-adapters.ts";

/** Replies of NX-API are recorded as they were within their envelope. */
export const nxos: GetterAdapter = {
  getters: nxosGetters,
  matches: (request, { command, raw_text }) => {
    const asked = request as NxosRequest;
    return command === asked.command && raw_text === (asked.format === "text");
  },
  reply: ({ response, error }) => {
    if (error !== undefined) throw new CommandRefused(String(error));
    return response;
  },
};

export const nxosSsh: GetterAdapter = {
  getters: nxosSshGetters,
  matches: (request, { command }) => command === lineOf(request as NxosRequest),
  reply: ({ response }, request) => dataOf(request as NxosRequest, String(response)),
};

/** How each kind of step is recorded. */
type Recording = (request: NxosVerbRequest) => Readonly<Record<string, unknown>>;

const recordedOverNxapi: Recording = (request) => {
  switch (request.kind) {
    case "show":
      return { show: request.command, raw_text: true };
    case "run":
      return { config_list: request.commands };
    case "configure":
      return { config_list: request.lines.map(({ line }) => line) };
    case "rollback":
      return { rollback: rollbackCommand(request.file) };
    case "save":
      return { save: "copy run startup-config" };
    case "put":
      return recordedTransfer(request);
  }
};

const recordedOverSsh: Recording = (request) => {
  switch (request.kind) {
    case "show":
      return { send_command: request.command };
    case "run":
      return { send_multiline: request.commands };
    case "configure":
      return { send_config_set: request.lines.map(({ line }) => line) };
    case "rollback":
      return { send_multiline: withoutQuestions(rollbackCommand(request.file)) };
    case "save":
      return { save_config: "copy running-config startup-config" };
    case "put":
      return recordedTransfer(request);
  }
};

function recordedTransfer({ file, fileSystem, content }: Extract<NxosVerbRequest, { kind: "put" }>) {
  return { scp: { dest_file: file, file_system: fileSystem, content } };
}

function verbAdapter(platform: "nxos" | "nxos_ssh", recording: Recording): VerbAdapter {
  return {
    verbs: () => new NxosVerbs({ device: "device", platform, fileSystem: "bootflash:", entersTexts: true }),
    matches: (request, recorded) => {
      const expected = recording(request as NxosVerbRequest);
      return Object.entries(expected).every(([key, value]) => isDeepStrictEqual(recorded[key], value));
    },
    reply: (recorded) => printed(recorded),
  };
}

export const nxosVerbs = verbAdapter("nxos", recordedOverNxapi);
export const nxosSshVerbs = verbAdapter("nxos_ssh", recordedOverSsh);

const messages = z.array(z.looseObject({ msg: z.string() }));

/** Text, or one for each command. */
function printed({ reply }: RecordedExchange): string {
  if (typeof reply === "string") return reply;
  const each = messages.safeParse(reply);
  return each.success ? each.data.map(({ msg }) => msg).join("") : "";
}
