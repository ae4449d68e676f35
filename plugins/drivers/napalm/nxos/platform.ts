import { z } from "zod";
import { nxosOnlyReads } from "../../../../src/device/nxapi/read-only.ts";
import { definePlatform } from "../platform.ts";
import { nxosGetters } from "./getters.ts";
import { NxosLink } from "./link.ts";
import { nxosArguments } from "./settings.ts";
import { NxosVerbs, showNxosStep } from "./verbs.ts";

const onlyDefaultVrf = z.literal("", {
  error: "platform nxos knows the ARP table of the default VRF only; nxos_ssh knows all",
});

/** Cisco NX-OS over NX-API. */
export const nxos = definePlatform({
  name: "nxos",
  templates: "cisco_nxos",
  arguments: nxosArguments,
  getters: nxosGetters,
  signatures: { get_arp_table: z.strictObject({ vrf: onlyDefaultVrf.optional() }) },
  onlyReads: nxosOnlyReads,
  showStep: showNxosStep,
  verbs: ({ device, args }) =>
    new NxosVerbs({
      device,
      platform: "nxos",
      fileSystem: String(args.dest_file_system),
      entersTexts: false,
    }),
  connect: (target, context, services) => NxosLink.connect(target, context, services),
});
