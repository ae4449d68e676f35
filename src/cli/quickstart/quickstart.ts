import { join, resolve } from "node:path";
import { Command } from "commander";
import { NetPulseError } from "../../errors/define.ts";
import { type Cluster, joinCluster, startLocalCluster } from "./cluster.ts";
import { Interruption } from "./interruption.ts";
import { Progress } from "./progress.ts";
import { type Tour, takeTour } from "./tour.ts";

/** As shells do for what Ctrl-C has ended. */
const EXIT_INTERRUPTED = 130;
const FOLDER = join(import.meta.dirname, "..", "..", "..", ".quickstart");

interface QuickstartOptions {
  readonly exit?: boolean;
  readonly context?: string;
  readonly folder: string;
}

/** `netpulse quickstart`: NetPulse on this machine, with simulated devices, from nothing to parsed results. */
export function quickstartCommand(): Command {
  return new Command("quickstart")
    .description(
      "show NetPulse at work: a local Kubernetes API, simulated devices, a DevicePool and some NetJobs",
    )
    .option("--exit", "end after the last job instead of staying up until Ctrl-C")
    .option("--context <name>", "use the existing cluster of this kubeconfig context instead of a local one")
    .option("--folder <path>", "where data and logs are kept from one run to the next", FOLDER)
    .action(runQuickstart);
}

async function runQuickstart(options: QuickstartOptions): Promise<void> {
  const progress = new Progress(process.stdout);
  const interruption = new Interruption(process);
  let cluster: Cluster | undefined;
  let tour: Tour | undefined;
  try {
    progress.say("NetPulse quick start. The devices are simulated: servers of this process, on loopback.\n");
    const common = {
      progress,
      folder: resolve(options.folder),
      onFailure: (error: Error) => interruption.fail(error),
    };
    cluster =
      options.context === undefined
        ? await startLocalCluster(common)
        : await joinCluster({ ...common, context: options.context });
    interruption.signal.throwIfAborted();
    tour = await takeTour({ cluster, progress, signal: interruption.signal });
    process.exitCode = tour.asExpected ? 0 : 1;
    if (!options.exit) {
      progress.say("\nEverything stays up until Ctrl-C.");
      await interruption.happened;
    }
  } catch (error) {
    process.exitCode = interruption.isAskedFor ? EXIT_INTERRUPTED : 1;
    if (!interruption.isAskedFor) {
      progress.say(`\n${messageOf(interruption.failure ?? error)}`);
    }
  } finally {
    await progress.step("ending what was started", async () => {
      await tour?.end();
      await cluster?.stop();
    });
    interruption.end();
  }
}

function messageOf(error: unknown): string {
  if (error instanceof NetPulseError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
