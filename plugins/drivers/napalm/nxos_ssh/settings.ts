import { commandLineArguments } from "../arguments.ts";
import { fileSystem } from "../nxos/settings.ts";

export const nxosSshArguments = commandLineArguments(import.meta.dirname, { filesystem: fileSystem });
