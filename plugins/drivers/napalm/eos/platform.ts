import { onlyReads } from "../../../../src/device/eapi/read-only.ts";
import { newSessionName } from "../../../../src/device/eapi/session-name.ts";
import { definePlatform } from "../platform.ts";
import { eosGetters } from "./getters.ts";
import { EosLink } from "./link.ts";
import { eosArguments, eosSettings, overSsh } from "./settings.ts";
import { EosSshLink } from "./ssh-link.ts";
import { EosVerbs, showEapi } from "./verbs.ts";

/** Arista EOS over eAPI, or by its command line. */
export const eos = definePlatform({
  name: "eos",
  templates: "arista_eos",
  arguments: eosArguments,
  getters: eosGetters,
  reachesConsoles: overSsh,
  onlyReads,
  showStep: showEapi,
  verbs: ({ device, args, random }) =>
    new EosVerbs({
      device,
      sessionName: () => newSessionName(random),
      lockDisable: eosSettings(args).lockDisable,
    }),
  connect: (target, context, services) =>
    (overSsh(target.args) ? EosSshLink : EosLink).connect(target, context, services),
});
