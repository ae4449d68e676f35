import type { SshConnection } from "../../../src/device/ssh.ts";
import {
  type DriverSession,
  deviceErrors,
  NetPulseError,
  type OperationContext,
} from "../../../src/plugin/index.ts";
import type { Args } from "./args.ts";
import type { Cli } from "./cli.ts";

/** A live command line on a device. */
export interface NetmikoSession extends DriverSession {
  readonly device: string;
  readonly args: Args;
  readonly cli: Cli;
  /** Set while a change is under way: what fails then is never brought back into step. */
  changing: boolean;
  /** The operation that used it last: only the same one may answer a question that it waited for. */
  operation: OperationContext | undefined;
  /** Absent: it goes over Telnet, which carries no files. */
  readonly ssh?: SshOfSession;
  /** Present where the session outlives its connection (a console server): logs out of the device and gives the line back. Never throws. */
  readonly leave?: (signal?: AbortSignal) => Promise<void>;
  /** Ends it at once, without a word to the device unless it has to be logged out of. */
  abort(): void;
}

/** The SSH connection that a command line goes over. */
export interface SshOfSession {
  readonly connection: SshConnection;
  /** Logs in once more, without a command line. */
  readonly again: (context: OperationContext) => Promise<SshConnection>;
}

/** Nothing is sent on a session of which nobody knows where it stands; writes are allowed as the running operation says. */
export async function inStep<T>(
  session: NetmikoSession,
  context: OperationContext,
  run: () => Promise<T>,
): Promise<T> {
  const { channel } = session.cli;
  if (channel.outOfStep) throw deviceErrors.SessionClosed({ device: session.device, tail: channel.lastLine });
  if (session.cli.awaitsAnswer && session.operation !== context) {
    // An earlier job left a question that it waited for: this one knows nothing of it.
    channel.outOfStep = true;
    const question = channel.lastLine;
    throw deviceErrors.UnexpectedQuestion({
      device: session.device,
      command: "the command of an earlier job",
      question,
    });
  }
  session.operation = context;
  channel.beforeWrite = context.beforeWrite;
  try {
    return await run();
  } catch (error) {
    // What nobody will bring back into step is over: a refused secret leaves the device waiting for another one.
    if (channel.outOfStep && error instanceof NetPulseError && error.retry === "never") session.abort();
    throw error;
  }
}

/** Whether the device gives a prompt when it is asked for one. */
export async function answers(session: NetmikoSession, context: OperationContext): Promise<boolean> {
  const { cli } = session;
  if (cli.channel.isClosed || cli.channel.outOfStep) return false;
  try {
    await inStep(session, context, () =>
      cli.input({ send: cli.platform.keepalive ?? "", signal: context.signal }),
    );
    return true;
  } catch {
    return false;
  }
}

/** Leaves politely and ends the session in any case. Throws where the device did not say goodbye. */
export async function sayGoodbye(session: NetmikoSession, context: OperationContext): Promise<void> {
  try {
    session.cli.channel.beforeWrite = context.beforeWrite;
    await session.cli.close(context.signal);
    if (session.leave) await session.leave(context.signal);
    else if (session.cli.goodbyeSaid) await closedWithin(session, GOODBYE_MS, context.signal);
  } finally {
    session.abort();
  }
}

/** How long a device may take to end a session that was told goodbye. */
const GOODBYE_MS = 500;

async function closedWithin(session: NetmikoSession, limitMs: number, signal: AbortSignal): Promise<void> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
  if (limit.aborted) return;
  await Promise.race([
    session.closed,
    new Promise((resolve) => limit.addEventListener("abort", resolve, { once: true })),
  ]);
}
