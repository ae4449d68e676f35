import {
  type Config,
  EXIT_WRONG_CONFIGURATION,
  type LoadConfigOptions,
  loadConfig,
} from "../config/index.ts";
import { NetPulseError } from "../errors/define.ts";

/** The configuration of this process; one that cannot be used ends it. */
export function configOrExit(options: LoadConfigOptions): Config {
  try {
    return loadConfig(options);
  } catch (error) {
    return exitWithConfigError(error);
  }
}

/** A setting that cannot be used ends the process at once, with a message for people and an exit code for machines. */
export function exitWithConfigError(error: unknown): never {
  if (!(error instanceof NetPulseError)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exit(EXIT_WRONG_CONFIGURATION);
}
