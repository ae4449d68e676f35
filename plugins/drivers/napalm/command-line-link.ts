import type { Command, OperationContext } from "../../../src/plugin/index.ts";
import {
  answers,
  enable,
  inStep,
  type NetmikoSession,
  resynchronise,
  runCommand,
  sayGoodbye,
  sendCommand,
} from "../netmiko/command-line.ts";

/** Longest silence of a change, in milliseconds: a commit or rollback of a large configuration says nothing for minutes. */
export const CHANGE_MS = 300_000;

/** What a link by a device's command line is, whatever the platform; what it asks and changes is the platform's. */
export abstract class CommandLineLink {
  readonly closed: Promise<Error | undefined>;
  readonly device: string;
  protected readonly session: NetmikoSession;
  readonly #enables: boolean;
  readonly #random: () => number;

  /** `args`: the platform's, checked. `force_no_enable` keeps getters and commands out of the privileged mode. `random`: in [0, 1). */
  constructor(session: NetmikoSession, args: Readonly<Record<string, unknown>>, random: () => number) {
    this.session = session;
    this.#enables = args.force_no_enable !== true;
    this.#random = random;
    this.closed = session.closed;
    this.device = session.device;
  }

  run(command: Command, context: OperationContext): Promise<string> {
    return this.inStep(context, async () => {
      const { cli, args } = this.session;
      const enableMode = command.enableMode ?? this.#enables;
      await cli.leaveConfig(context.signal);
      return (await runCommand(cli, { ...command, enableMode }, args, context)).output;
    });
  }

  isAlive(context: OperationContext): Promise<boolean> {
    return answers(this.session, context);
  }

  resynchronise(context: OperationContext): Promise<boolean> {
    this.session.cli.channel.beforeWrite = context.beforeWrite;
    return resynchronise(this.session.cli, this.#random, context.signal);
  }

  close(context: OperationContext): Promise<void> {
    return sayGoodbye(this.session, context);
  }

  protected inStep<T>(context: OperationContext, run: () => Promise<T>): Promise<T> {
    return inStep(this.session, context, run);
  }

  /** Comes to where commands are asked: out of a configuration, in the privileged mode where getters run there. */
  protected async ready({ signal }: OperationContext, privileged = this.#enables): Promise<void> {
    const { cli } = this.session;
    await cli.leaveConfig(signal);
    if (privileged) await enable(cli, signal);
  }

  /** What a command prints. `silenceMs`: longest silence; absent: the session's. */
  protected output(command: string, { signal }: OperationContext, silenceMs?: number): Promise<string> {
    const { cli, args } = this.session;
    return sendCommand(cli, command, args, { signal, ...(silenceMs !== undefined && { silenceMs }) });
  }
}
