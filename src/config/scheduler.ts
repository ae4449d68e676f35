import { configErrors } from "../errors/config.ts";
import { NetPulseError } from "../errors/define.ts";
import type { PluginRegistry } from "../plugin/registry.ts";
import type { BaseScheduler } from "../plugin/scheduler.ts";
import type { Config } from "./schema.ts";

/** Exit code of a process whose configuration cannot be used, as `sysexits.h` names it (EX_CONFIG). */
export const EXIT_WRONG_CONFIGURATION = 78;

/**
 * The scheduler that the configuration names. The operator calls it at start and ends with `EXIT_WRONG_CONFIGURATION` and
 * the message when it throws: without a scheduler it could do nothing, and it cannot be changed at run time.
 *
 * @throws ConfigInvalid the scheduler is unknown (the message lists the known ones) or cannot be used, or a section under
 *   `plugins` belongs to no plugin
 */
export async function loadScheduler(registry: PluginRegistry, config: Config): Promise<BaseScheduler> {
  const stray = registry
    .strayKeys()
    .map((key) => `${key}: there is no such plugin. Correct the name or remove it.`);
  if (stray.length > 0) throw configErrors.ConfigInvalid({ problems: stray });
  try {
    return await registry.scheduler(config.operator.scheduler);
  } catch (error) {
    if (!(error instanceof NetPulseError)) throw error;
    throw configErrors.ConfigInvalid(
      { problems: [`operator.scheduler: ${error.message}`] },
      { cause: error },
    );
  }
}
