import type { ClientChannel } from "ssh2";
import { NetPulseError } from "../../errors/define.ts";
import { transferErrors } from "../../errors/transfer.ts";
import type { Get, OperationContext, Put, Transfer, TransferResult } from "../../plugin/index.ts";
import type { SshConnection } from "../ssh.ts";
import { Channels } from "./channels.ts";
import { DeviceCommands } from "./device-commands.ts";
import type { FileCommands } from "./file-commands.ts";
import type { FileOutcome, FileTools } from "./file-tools.ts";
import { Flow, systemTransferClock, type TransferClock } from "./flow.ts";
import { getFile } from "./get-file.ts";
import { putFile } from "./put-file.ts";
import type { RemoteFiles } from "./remote-files.ts";
import { below } from "./remote-path.ts";
import { ScpFiles } from "./scp-files.ts";
import { SftpFiles } from "./sftp-files.ts";
import { walk } from "./walk.ts";

/** A device as a transfer reaches it. */
export interface TransferPeer {
  /** Name for messages. */
  readonly device: string;
  /** The session's connection. */
  readonly connection: SshConnection;
  /** Logs in once more with the same credential, where the device has no room for another channel. */
  readonly again: () => Promise<SshConnection>;
  /** What the device can be asked about files (`posixFileCommands` for a host with a shell). */
  readonly commands: FileCommands;
  /**
   * Runs one of these commands on the session's command line and resolves with what it printed; absent: each is a program of its
   * own, as with `ssh host command`.
   */
  readonly run?: (command: string, expectMs: number) => Promise<string>;
  /** For tests. */
  readonly clock?: TransferClock;
}

/**
 * Carries a file or a folder to or from a device: SFTP or SCP, free space checked before, digests after, resumed where an earlier
 * attempt was cut. Throws errors of `src/errors/transfer.ts`; what was under the final names is then as it was, except where a message
 * says otherwise.
 *
 * @example
 * const peer = { device: "h1", connection, again: () => login.connect(22), commands: posixFileCommands };
 * const result = await transferFiles(peer, { direction: "put", path: "/etc/motd", entries, … }, context);
 */
export async function transferFiles(
  peer: TransferPeer,
  transfer: Transfer,
  context: OperationContext,
): Promise<TransferResult> {
  const { device, connection, again, commands, clock = systemTransferClock } = peer;
  const channels = new Channels({ device, connection, again, apart: commands.ownConnection });
  const progress = new Progress(transfer);
  const flow = new Flow({
    device,
    context,
    bytesPerSecond: transfer.bytesPerSecond,
    onMoved: (bytes) => progress.advance(bytes),
    clock,
  });
  const run =
    peer.run ??
    ((command: string, expectMs: number) => runProgram(channels, command, expectMs, context.signal, clock));
  const asking = new DeviceCommands({ device, commands, run });
  let remote: RemoteFiles | undefined;
  try {
    remote = await filesOf(peer, transfer, { channels, flow, asking });
    const tools: FileTools = {
      device,
      remote,
      commands: asking,
      overwrite: transfer.overwrite,
      checksum: transfer.checksum,
      advance: (bytes) => progress.advance(bytes),
    };
    return transfer.direction === "put"
      ? await putAll(transfer, tools)
      : await getAll(transfer, tools, progress);
  } catch (error) {
    throw interrupted(error, device, transfer.path);
  } finally {
    remote?.close();
    channels.close();
  }
}

async function filesOf(
  { device, connection, commands }: TransferPeer,
  { protocol, path }: Transfer,
  { channels, flow, asking }: { channels: Channels; flow: Flow; asking: DeviceCommands },
): Promise<RemoteFiles> {
  if (protocol !== "Scp") {
    const asked = commands.sftp || protocol === "Sftp";
    const sftp = asked && (await flow.guard(path, () => channels.sftp()));
    if (sftp) return new SftpFiles(sftp, { device, flow, serverVersion: connection.serverVersion });
    if (protocol === "Sftp")
      throw transferErrors.TransferNotSupported({
        device,
        what: "SFTP server",
        remedy: "Leave out spec.transfer.protocol, or set it to Scp.",
      });
  }
  return new ScpFiles({ device, flow, channels, commands: asking });
}

async function putAll({ path, entries, mode }: Put, tools: FileTools): Promise<TransferResult> {
  const outcomes: FileOutcome[] = [];
  for (const entry of entries) {
    const target = below(path, entry.path);
    if (entry.content) outcomes.push(await putFile(target, entry.content, mode, tools));
    else await tools.remote.makeFolder(target);
  }
  return summary(outcomes, tools, entries.length === 1);
}

async function getAll(
  { path, recursive, into }: Get,
  tools: FileTools,
  progress: Progress,
): Promise<TransferResult> {
  const { remote, device } = tools;
  const seen = await remote.look(path);
  if (seen === "missing") throw transferErrors.RemoteFileMissing({ device, path });
  if (!recursive || (typeof seen === "object" && seen.kind !== "folder")) {
    if (typeof seen === "object") progress.expect(seen.size);
    return summary([await getFile(path, await into.file(""), tools)], tools, true);
  }
  const { folders, files, leftOut } = await walk(path, device, remote);
  progress.expect(files.reduce((sum, { size }) => sum + size, 0));
  await into.folder("");
  for (const folder of folders) await into.folder(folder);
  const outcomes: FileOutcome[] = [];
  for (const file of files)
    outcomes.push(await getFile(below(path, file.path), await into.file(file.path), tools));
  return { ...summary(outcomes, tools, false), ...(leftOut.length > 0 && { leftOut }) };
}

const STRENGTH = ["size", "md5", "sha256"] as const;

function summary(outcomes: readonly FileOutcome[], { remote }: FileTools, single: boolean): TransferResult {
  const carried = outcomes.filter(({ skipped }) => skipped === undefined);
  const [only] = outcomes;
  const notes = [...new Set(outcomes.flatMap((outcome) => outcome.notes))].slice(0, 16);
  const resumed = carried.reduce((sum, { resumedBytes = 0 }) => sum + resumedBytes, 0);
  const verified = STRENGTH.find((proof) => carried.some((outcome) => outcome.verified === proof));
  const reasons = new Set(outcomes.map(({ skipped }) => skipped));
  const skipped = outcomes.length > 0 && carried.length === 0 ? [...reasons].join("; ") : undefined;
  return {
    protocol: remote.protocol,
    bytes: outcomes.reduce((sum, { bytes }) => sum + bytes, 0),
    files: carried.length,
    ...(single && only?.sha256 !== undefined && { sha256: only.sha256 }),
    ...(single && only?.deviceDigest && { deviceDigest: only.deviceDigest }),
    ...(verified && { verified }),
    ...(resumed > 0 && { resumedBytes: resumed }),
    ...(skipped !== undefined && { skipped }),
    ...(notes.length > 0 && { notes }),
  };
}

/** How much of the whole is there. */
class Progress {
  private done = 0;
  private total: number;
  private readonly tell: Transfer["onProgress"];

  constructor(transfer: Transfer) {
    this.tell = transfer.onProgress;
    this.total =
      transfer.direction === "put"
        ? transfer.entries.reduce((sum, { content }) => sum + (content?.size ?? 0), 0)
        : 0;
  }

  expect(total: number): void {
    this.total = total;
  }

  advance(bytes: number): void {
    this.done += bytes;
    this.tell?.(this.done, Math.max(this.total, this.done));
  }
}

const MOST_OUTPUT = 1024 * 1024;

/** Runs a command as a program of its own, without any input. Resolves as `DeviceCommandsOptions.run` does. */
async function runProgram(
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

/** How SSH connections say that they are no more. */
const ENDED =
  /not connected|no response|ended|closed|ECONNRESET|EPIPE|channel open failure|keepalive timeout/i;

function interrupted(error: unknown, device: string, path: string): unknown {
  if (error instanceof NetPulseError || !(error instanceof Error) || !ENDED.test(error.message)) return error;
  return transferErrors.TransferInterrupted({ device, path, why: "the connection ended" }, { cause: error });
}
