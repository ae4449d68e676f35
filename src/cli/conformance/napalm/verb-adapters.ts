import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { ConfigVerbs } from "../../../../plugins/drivers/napalm/config-verbs.ts";
import type { EapiRequest } from "../../../../plugins/drivers/napalm/eos/request.ts";
import { EosVerbs } from "../../../../plugins/drivers/napalm/eos/verbs.ts";
import { CommandRefused } from "../../../../plugins/drivers/napalm/getter.ts";
import { iosVerbs } from "./ios-verbs.ts";
import { iosxrNetconfVerbs, iosxrVerbs } from "./iosxr-verbs.ts";
import { junosVerbs } from "./junos-verbs.ts";
import { nxosSshVerbs, nxosVerbs } from "./nxos.ts";

/** A recorded exchange of a configuration verb. */
export type RecordedExchange = Readonly<Record<string, unknown>>;

export interface VerbScenario {
  readonly optional_args: Readonly<Record<string, unknown>>;
  readonly initial_state: Readonly<Record<string, unknown>>;
}

/** How a platform's verbs meet its recorded dialogues. */
export interface VerbAdapter {
  verbs(scenario: VerbScenario): unknown;
  /** Whether the recorded exchange is the one that the verb makes. */
  matches(request: unknown, recorded: RecordedExchange): boolean;
  /** What the verb is resumed with. Throws CommandRefused where the device refused. */
  reply(recorded: RecordedExchange, request: unknown): unknown;
}

const eapiError = z.looseObject({
  reply_error: z.looseObject({ message: z.string().optional(), commands: z.array(z.unknown()).optional() }),
});

const eos: VerbAdapter = {
  verbs: ({ initial_state }) =>
    new EosVerbs({
      device: "device",
      sessionName: () => String(initial_state.config_session),
      lockDisable: false,
    }),
  matches: (request, { commands, encoding = "json" }) => isDeepStrictEqual({ commands, encoding }, request),
  reply: (recorded, request) => {
    const failed = eapiError.safeParse(recorded);
    if (!failed.success) return recorded.reply;
    const message = failed.data.reply_error.message ?? "";
    // "CLI command 2 of 3 …" counts from 1, `enable` too.
    const index = Number(/CLI command (\d+) of/.exec(message)?.[1] ?? 1) - 2;
    const command = (request as EapiRequest).commands[index];
    throw new CommandRefused(message, {
      index,
      command: typeof command === "string" ? command : command?.cmd,
    });
  },
};

/** By NAPALM's name of the platform. */
export const verbAdapters: Readonly<Record<string, VerbAdapter>> = {
  eos,
  ios: iosVerbs,
  iosxr: iosxrVerbs,
  iosxr_netconf: iosxrNetconfVerbs,
  junos: junosVerbs,
  nxos: nxosVerbs,
  nxos_ssh: nxosSshVerbs,
};

/** The verbs of a scenario, whatever they ask in: the adapter knows it. */
export function verbsOf(adapter: VerbAdapter, scenario: VerbScenario): ConfigVerbs<unknown, unknown> {
  return adapter.verbs(scenario) as ConfigVerbs<unknown, unknown>;
}
