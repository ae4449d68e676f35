import { NetPulseError } from "../../errors/define.ts";
import { transferErrors } from "../../errors/transfer.ts";
import type { Get, OperationContext, Put, Transfer, TransferResult } from "../../plugin/index.ts";
import type { SshConnection } from "../ssh.ts";
import type { Carrying, FileOutcome } from "./carrying.ts";
import { Channels } from "./channels.ts";
import { DeviceCommands } from "./device-commands.ts";
import type { FileCommands } from "./file-commands.ts";
import { Flow, systemTransferClock, type TransferClock } from "./flow.ts";
import { getFile } from "./get-file.ts";
import { Progress } from "./progress.ts";
import { putFile } from "./put-file.ts";
import type { RemoteFiles } from "./remote-files.ts";
import { below } from "./remote-path.ts";
import { runProgram } from "./run-program.ts";
import { ScpFiles } from "./scp-files.ts";
import { SftpFiles } from "./sftp-files.ts";
import { summary } from "./summary.ts";
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
    const tools: Carrying = {
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

async function putAll({ path, entries, mode }: Put, tools: Carrying): Promise<TransferResult> {
  const outcomes: FileOutcome[] = [];
  for (const entry of entries) {
    const target = below(path, entry.path);
    if (entry.content) outcomes.push(await putFile(target, entry.content, mode, tools));
    else await tools.remote.makeFolder(target);
  }
  return summary(outcomes, tools.remote, entries.length === 1);
}

async function getAll(
  { path, recursive, into }: Get,
  tools: Carrying,
  progress: Progress,
): Promise<TransferResult> {
  const { remote, device } = tools;
  const seen = await remote.look(path);
  if (seen === "missing") throw transferErrors.RemoteFileMissing({ device, path });
  if (!recursive || (typeof seen === "object" && seen.kind !== "folder")) {
    if (typeof seen === "object") progress.expect(seen.size);
    return summary([await getFile(path, await into.file(""), tools)], remote, true);
  }
  const { folders, files, leftOut } = await walk(path, device, remote);
  progress.expect(files.reduce((sum, { size }) => sum + size, 0));
  await into.folder("");
  for (const folder of folders) await into.folder(folder);
  const outcomes: FileOutcome[] = [];
  for (const file of files)
    outcomes.push(await getFile(below(path, file.path), await into.file(file.path), tools));
  return { ...summary(outcomes, tools.remote, false), ...(leftOut.length > 0 && { leftOut }) };
}

/** How SSH connections say that they are no more. */
const ENDED =
  /not connected|no response|ended|closed|ECONNRESET|EPIPE|channel open failure|keepalive timeout/i;

function interrupted(error: unknown, device: string, path: string): unknown {
  if (error instanceof NetPulseError || !(error instanceof Error) || !ENDED.test(error.message)) return error;
  return transferErrors.TransferInterrupted({ device, path, why: "the connection ended" }, { cause: error });
}
