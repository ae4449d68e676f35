import { onlyReadsOn } from "../../netmiko/command-line.ts";
import { xrSignatures } from "../cisco-xr/signatures.ts";
import { definePlatform } from "../platform.ts";
import { iosxrGetters } from "./getters.ts";
import { IosxrLink } from "./session.ts";
import { iosxrArguments, iosxrSettings } from "./settings.ts";
import { showXrStep, XrVerbs } from "./verbs.ts";

/** Cisco IOS-XR by its XML agent. */
export const iosxr = definePlatform({
  name: "iosxr",
  templates: "cisco_xr",
  arguments: iosxrArguments,
  getters: iosxrGetters,
  signatures: xrSignatures,
  onlyReads: (command) => onlyReadsOn("cisco_xr", command),
  showStep: showXrStep,
  verbs: ({ device, args, now }) =>
    new XrVerbs({ device, lockedAlready: iosxrSettings(args).lockFromStart, now }),
  connect: (target, context, services) => IosxrLink.connect(target, context, services),
});
