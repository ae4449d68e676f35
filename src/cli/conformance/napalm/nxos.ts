import { CommandRefused } from "../../../../plugins/drivers/napalm/getter.ts";
import { nxosGetters } from "../../../../plugins/drivers/napalm/nxos/getters.ts";
import type { NxosRequest } from "../../../../plugins/drivers/napalm/nxos/request.ts";
import { dataOf, lineOf } from "../../../../plugins/drivers/napalm/nxos_ssh/command-line.ts";
import { nxosSshGetters } from "../../../../plugins/drivers/napalm/nxos_ssh/getters.ts";
import type { GetterAdapter } from "./adapters.ts";

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
