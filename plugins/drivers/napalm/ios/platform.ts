import { onlyReadsOn } from "../../netmiko/command-line.ts";
import { definePlatform } from "../platform.ts";
import { iosGetters } from "./getters.ts";
import { IosLink } from "./link.ts";
import { iosArguments, iosSettings } from "./settings.ts";
import { IosVerbs, showIosStep } from "./verbs.ts";

/** Cisco IOS and IOS XE by their command line, over SSH or Telnet. */
export const ios = definePlatform({
  name: "ios",
  templates: "cisco_ios",
  arguments: iosArguments,
  getters: iosGetters,
  reachesConsoles: () => true,
  onlyReads: (command) => onlyReadsOn("cisco_ios", command),
  showStep: showIosStep,
  verbs: ({ device, username, args }) => new IosVerbs({ ...iosSettings(args), device, username }),
  connect: (target, context, services) => IosLink.connect(target, context, services),
});
