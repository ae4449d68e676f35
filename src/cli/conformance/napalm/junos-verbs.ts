import { z } from "zod";
import { CommandRefused } from "../../../../plugins/drivers/napalm/getter.ts";
import { junosArguments, junosSettings } from "../../../../plugins/drivers/napalm/junos/settings.ts";
import { JunosVerbs } from "../../../../plugins/drivers/napalm/junos/verbs.ts";
import { canonical, parseXml, type XmlElement } from "../../../device/xml/index.ts";
import type { VerbAdapter } from "./verb-adapters.ts";

const exchange = z.looseObject({
  rpc: z.string(),
  reply: z.string().default("<ok/>"),
  reply_error: z.unknown().optional(),
});

/** Requests of the original's library, compared as XML. */
export const junosVerbs: VerbAdapter = {
  verbs: ({ optional_args }) =>
    new JunosVerbs({
      device: "device",
      now: () => 0,
      ...junosSettings(junosArguments.schema.parse(optional_args)).verbs,
    }),
  matches: (request, recorded) =>
    canonical(request as XmlElement) === canonical(exchange.parse(recorded).rpc),
  reply: (recorded) => {
    const { reply, reply_error } = exchange.parse(recorded);
    if (reply_error !== undefined) throw new CommandRefused(String(reply_error));
    return { element: parseXml(reply), warnings: [] };
  },
};
