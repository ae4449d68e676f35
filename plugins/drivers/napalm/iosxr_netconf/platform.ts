import { definePlatform } from "../platform.ts";
import { iosxrNetconfGetters } from "./getters.ts";
import { IosxrNetconfLink } from "./session.ts";
import { iosxrNetconfArguments, iosxrNetconfSettings } from "./settings.ts";
import { xrNetconfSignatures } from "./signatures.ts";
import { showXrNetconfStep, XrNetconfVerbs } from "./verbs.ts";

/** Cisco IOS-XR over NETCONF. */
export const iosxrNetconf = definePlatform({
  name: "iosxr_netconf",
  templates: "cisco_xr",
  arguments: iosxrNetconfArguments,
  getters: iosxrNetconfGetters,
  signatures: xrNetconfSignatures,
  onlyReads: () => false,
  showStep: showXrNetconfStep,
  verbs: ({ device, args, now }) => {
    const { lockFromStart, configEncoding } = iosxrNetconfSettings(args);
    return new XrNetconfVerbs({ device, lockedAlready: lockFromStart, encoding: configEncoding, now });
  },
  connect: (target, context, services) => IosxrNetconfLink.connect(target, context, services),
});
