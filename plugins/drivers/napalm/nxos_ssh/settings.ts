import { commandLineArguments } from "../arguments.ts";
import { fileSystem } from "../nxos/settings.ts";

export const nxosSshArguments = commandLineArguments(import.meta.dirname, { filesystem: fileSystem });

/** Arguments that the command line knows nothing of. */
const OWN: ReadonlySet<string> = new Set(["platform", "timeout", "dest_file_system", "force_no_enable"]);

/** Checked arguments as the command line takes them. NAPALM's `timeout` is the silence that it bears. */
export function commandLineArgs(checked: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return {
    ...Object.fromEntries(Object.entries(checked).filter(([name]) => !OWN.has(name))),
    device_type: "cisco_nxos",
    read_timeout: checked.timeout,
  };
}
