import { isDeepStrictEqual } from "node:util";
import { eosGetters } from "../../../../plugins/drivers/napalm/eos/getters.ts";
import type { Getter } from "../../../../plugins/drivers/napalm/getter.ts";
import { ios } from "./ios.ts";
import { iosxr } from "./iosxr.ts";
import { iosxrNetconf } from "./iosxr-netconf.ts";
import { junos } from "./junos.ts";
import { nxos, nxosSsh } from "./nxos.ts";

/** A recorded request with its reply, as the corpus has it. */
export type RecordedRequest = Readonly<Record<string, unknown>>;

/** How a platform's getters meet its recorded requests. */
export interface GetterAdapter {
  readonly getters: Readonly<Record<string, unknown>>;
  /** Whether the recorded request is the one that the getter makes. */
  matches(request: unknown, recorded: RecordedRequest): boolean;
  /** What the getter is resumed with. May throw CommandRefused, where the device refused. */
  reply(recorded: RecordedRequest, request: unknown): unknown;
  /** What the record gives a getter besides requests, as further requests with their replies. */
  further?(record: Readonly<Record<string, unknown>>): readonly RecordedRequest[];
}

const eos: GetterAdapter = {
  getters: eosGetters,
  matches: (request, { response, ...recorded }) => isDeepStrictEqual(recorded, request),
  reply: ({ response }) => response,
};

/** By NAPALM's name of the platform. */
export const getterAdapters: Readonly<Record<string, GetterAdapter>> = {
  eos,
  ios,
  iosxr,
  iosxr_netconf: iosxrNetconf,
  junos,
  nxos,
  nxos_ssh: nxosSsh,
};

/** The getter of a method, whatever its requests are: the adapter of its platform knows them. */
export function getterOf(
  adapter: GetterAdapter,
  method: string,
): Getter<unknown, unknown, unknown> | undefined {
  return adapter.getters[method] as Getter<unknown, unknown, unknown> | undefined;
}
