import { definePlatform } from "../platform.ts";
import { junosGetters } from "./getters.ts";
import { onlyReads } from "./read-only.ts";
import { JunosLink } from "./session.ts";
import { junosArguments, junosSettings } from "./settings.ts";
import { junosSignatures } from "./signatures.ts";
import { JunosVerbs, showRpc } from "./verbs.ts";

/** Juniper Junos over NETCONF. */
export const junos = definePlatform({
  name: "junos",
  templates: "juniper_junos",
  arguments: junosArguments,
  getters: junosGetters,
  signatures: junosSignatures,
  onlyReads,
  showStep: showRpc,
  verbs: ({ device, args, now }) => new JunosVerbs({ device, now, ...junosSettings(args).verbs }),
  connect: (target, context, services) => JunosLink.connect(target, context, services),
});
