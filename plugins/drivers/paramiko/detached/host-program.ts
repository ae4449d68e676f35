import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deviceErrors, type OperationContext } from "../../../../src/plugin/index.ts";
import { quote } from "../quote.ts";
import type { ParamikoSession } from "../session.ts";

const TEXT = readFileSync(join(import.meta.dirname, "host.sh"), "utf8")
  .split("\n")
  .filter((line) => !/^\s*(#|$)/.test(line))
  .join("\n");

// Ending a program takes up to 25 s by itself.
const LIMIT_MS = 60_000;

/** The shell line of a subcommand of `host.sh`. */
export function hostLine(words: readonly string[]): string {
  const start = quote('text=$1; shift; eval "$text"');
  return `exec sh -c ${start} netpulse ${quote(TEXT)} ${words.map(quote).join(" ")}`;
}

/** Runs a subcommand that needs no password and gives its output as bytes. Throws what the host said when it failed. */
export async function askHost(
  session: ParamikoSession,
  words: readonly string[],
  context: OperationContext,
): Promise<Buffer> {
  const { device } = session;
  context.signal.throwIfAborted();
  context.beforeWrite();
  const channel = await session.connection.exec(hostLine(words));
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  let error: Error | undefined;
  const stop = (why: Error) => {
    error = why;
    channel.close();
  };
  const onAbort = () =>
    stop(deviceErrors.OperationAborted({ device, why: `while ${words[0]} was asked for` }));
  const late = () =>
    stop(deviceErrors.OperationTimeout({ device, command: `detached.${words[0]}`, waitedMs: LIMIT_MS }));
  const timer = setTimeout(late, LIMIT_MS);
  context.signal.addEventListener("abort", onAbort, { once: true });
  channel.onOutput((stream, chunk) => (stream === "stdout" ? out : err).push(chunk));
  channel.end();
  const exit = await channel.exit;
  clearTimeout(timer);
  context.signal.removeEventListener("abort", onAbort);
  if (error) throw error;
  const said = Buffer.concat(err).toString().trim();
  if (!exit) throw deviceErrors.SessionClosed({ device, tail: said });
  if (exit.status !== 0)
    throw deviceErrors.DriverFailed({ device, why: said || `its shell ended with status ${exit.status}` });
  return Buffer.concat(out);
}
