import { z } from "zod";
import { nxosOnlyReads } from "../../../../src/device/nxapi/read-only.ts";
import { NxosVerbs, showNxosStep } from "../nxos/verbs.ts";
import { definePlatform } from "../platform.ts";
import { nxosSshGetters } from "./getters.ts";
import { NxosSshLink } from "./link.ts";
import { nxosSshArguments } from "./settings.ts";

/** NX-OS is asked for exactly one prefix of IPv4. */
const routeTo = z.strictObject({
  destination: z.string().regex(/^\d+\.\d+\.\d+\.\d+(?:\/\d{1,2})?$/, "is no address or prefix of IPv4"),
  protocol: z.string().regex(/^\w*$/, "is not the name of a protocol").optional(),
  longer: z.literal(false, { error: "longer prefixes cannot be asked for on NX-OS" }).optional(),
});

/** Cisco NX-OS by its command line. */
export const nxosSsh = definePlatform({
  name: "nxos_ssh",
  templates: "cisco_nxos",
  arguments: nxosSshArguments,
  getters: nxosSshGetters,
  signatures: { get_route_to: routeTo },
  reachesConsoles: () => true,
  onlyReads: nxosOnlyReads,
  showStep: showNxosStep,
  verbs: ({ device, args }) =>
    new NxosVerbs({
      device,
      platform: "nxos_ssh",
      fileSystem: String(args.dest_file_system),
      entersTexts: true,
    }),
  connect: (target, context, services) => NxosSshLink.connect(target, context, services),
});
