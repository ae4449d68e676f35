import type { ClientChannel } from "ssh2";
import { NetPulseError } from "../../errors/define.ts";
import type { Channels } from "./channels.ts";
import type { TransferClock } from "./flow.ts";

const MOST_OUTPUT = 1024 * 1024;

/** Runs a command as a program of its own, without any input. Resolves as `DeviceCommandsOptions.run` does. */
export async function runProgram(
  channels: Channels,
  command: string,
  expectMs: number,
  signal: AbortSignal,
  clock: TransferClock,
): Promise<string | undefined> {
  const channel = await channels.exec(command).catch(unlessNoChannel);
  if (!channel) return undefined;
  const output = await outputOf(channel, expectMs, signal, clock);
  if (await channels.cut()) throw new Error("the connection ended");
  return output;
}

/** A device that has no room for another channel or login carries files all the same. */
function unlessNoChannel(error: unknown): undefined {
  const refusals = ["TransferNotSupported", "ConnectFailed", "ConnectTimeout", "AuthFailed", "LoginPaused"];
  if (!(error instanceof NetPulseError) || !refusals.includes(error.code)) throw error;
}

/** What a program prints until it ends; undefined: it was ended, or did not say with which status it ended. */
function outputOf(
  channel: ClientChannel,
  expectMs: number,
  signal: AbortSignal,
  clock: TransferClock,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let size = 0;
    let hasStatus = false;
    const take = (data: Buffer) => {
      size += data.length;
      if (size <= MOST_OUTPUT) parts.push(data);
    };
    const end = (text: string | undefined) => {
      clock.clearTimeout(timer);
      signal.removeEventListener("abort", giveUp);
      channel.close();
      resolve(text);
    };
    const giveUp = () => end(undefined);
    const timer = clock.setTimeout(giveUp, expectMs);
    signal.addEventListener("abort", giveUp, { once: true });
    channel.on("data", take);
    channel.stderr.on("data", take);
    channel.on("error", () => {});
    channel.once("exit", () => {
      hasStatus = true;
    });
    channel.once("close", () => end(hasStatus ? Buffer.concat(parts).toString("utf8") : undefined));
    // A forced command may wait for input: it gets none.
    channel.end();
  });
}
