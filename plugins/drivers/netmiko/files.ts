import { systemTransferClock, type TransferClock } from "../../../src/device/transfer/flow.ts";
import {
  type FileCommands,
  noFileCommands,
  posixFileCommands,
  transferFiles,
} from "../../../src/device/transfer/index.ts";
import {
  type OperationContext,
  type Transfer,
  type TransferResult,
  transferErrors,
} from "../../../src/plugin/index.ts";
import type { Cli } from "./cli.ts";
import { homeMode, type Platform } from "./platform.ts";
import type { NetmikoSession } from "./session.ts";

/** Devices end a command line on which nothing happens, some after two minutes; an image takes an hour to copy. */
const SIGN_OF_LIFE_MS = 60_000;

/** Carries files over the SSH connection of a session, or one beside it; its command line answers for free space and digests. */
export async function carryFiles(
  { device, cli, ssh }: NetmikoSession,
  transfer: Transfer,
  context: OperationContext,
  clock: TransferClock = systemTransferClock,
): Promise<TransferResult> {
  if (!ssh)
    throw transferErrors.TransferNotSupported({
      device,
      what: "file transfer: it is reached by Telnet",
      remedy: "Set driver.args.device_type to a type that is reached by SSH.",
    });
  const commands = fileCommandsOf(cli.platform);
  const line = new CommandLine(cli, context, clock);
  try {
    return await transferFiles(
      {
        device,
        connection: ssh.connection,
        again: () => ssh.again(context),
        commands,
        clock,
        // A shell runs each command as a program beside the session.
        ...(commands.quoting === "none" && { run: (command, expectMs) => line.run(command, expectMs) }),
      },
      transfer,
      context,
    );
  } finally {
    await line.end();
  }
}

function fileCommandsOf(platform: Platform): FileCommands {
  return platform.files ?? (platform.posixShell ? posixFileCommands : noFileCommands);
}

/** The session's command line while files go beside it: one exchange at a time, and never silent for long. */
class CommandLine {
  private readonly cli: Cli;
  private readonly context: OperationContext;
  private readonly clock: TransferClock;
  private last: Promise<unknown> = Promise.resolve();
  private timer: unknown;
  private ended = false;

  constructor(cli: Cli, context: OperationContext, clock: TransferClock) {
    this.cli = cli;
    this.context = context;
    this.clock = clock;
    this.rest();
  }

  run(command: string, expectMs: number): Promise<string> {
    return this.next(async () => {
      const { cli, context } = this;
      await cli.leaveConfig(context.signal);
      const home = homeMode(cli.platform);
      if (home !== undefined) await cli.enter(home, context.signal);
      const { output } = await cli.input({
        send: command,
        own: true,
        silenceMs: expectMs,
        signal: context.signal,
      });
      return output;
    });
  }

  async end(): Promise<void> {
    this.ended = true;
    this.clock.clearTimeout(this.timer);
    await this.last;
  }

  private next<T>(exchange: () => Promise<T>): Promise<T> {
    this.clock.clearTimeout(this.timer);
    const result = this.last.then(exchange);
    this.last = result.then(
      () => this.rest(),
      () => this.rest(),
    );
    return result;
  }

  private rest(): void {
    if (this.ended) return;
    this.timer = this.clock.setTimeout(() => {
      const { cli, context } = this;
      // A session that has ended by now is found out by the next command.
      if (cli.channel.isClosed || cli.channel.outOfStep || context.signal.aborted) return;
      this.next(() => cli.input({ send: cli.platform.keepalive ?? "", signal: context.signal })).catch(
        () => {},
      );
    }, SIGN_OF_LIFE_MS);
  }
}
