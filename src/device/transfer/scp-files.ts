import { NetPulseError, quote } from "../../errors/define.ts";
import { transferErrors } from "../../errors/transfer.ts";
import type { Content } from "../../plugin/index.ts";
import type { Channels } from "./channels.ts";
import type { DeviceCommands } from "./device-commands.ts";
import type { Flow } from "./flow.ts";
import { RcpChannel, RcpEnded, RcpRefused } from "./rcp.ts";
import type { Looked, NamedEntry, RemoteFiles } from "./remote-files.ts";
import { splitPath } from "./remote-path.ts";

const BLOCK = 64 * 1024;

export interface ScpOptions {
  readonly device: string;
  readonly flow: Flow;
  readonly channels: Channels;
  readonly commands: DeviceCommands;
}

/** Files through SCP, which only carries bytes: everything else is asked on the device's command line, where that can be. */
export class ScpFiles implements RemoteFiles {
  readonly protocol = "Scp";
  readonly resumes = false;
  readonly unsureBytes = 0;
  private readonly options: ScpOptions;

  constructor(options: ScpOptions) {
    this.options = options;
  }

  get replaces(): boolean {
    return this.options.commands.data.replace !== undefined;
  }

  look(path: string): Promise<Looked> {
    return this.options.commands.look(path);
  }

  /** Renaming would take the place of a link; SCP itself writes through it. */
  resolve(path: string): Promise<string> {
    return Promise.resolve(path);
  }

  /** All below the folder, by their paths: the device's listing goes down by itself. */
  async list(folder: string): Promise<NamedEntry[]> {
    const { commands, device } = this.options;
    const found: NamedEntry[] = [];
    for (const [what, kind] of [
      ["folders", "folder"],
      ["links", "link"],
      ["files", "file"],
    ] as const) {
      const names = await commands.paths(what, folder);
      if (!names)
        throw transferErrors.TransferNotSupported({ device, what: "way to list folders without SFTP" });
      found.push(...names.map((name) => ({ name, kind, size: 0 })));
    }
    return found;
  }

  async makeFolder(path: string): Promise<void> {
    const { commands, device } = this.options;
    if (!(await commands.act("makeFolder", { path })))
      throw transferErrors.TransferNotSupported({ device, what: "way to make folders without SFTP" });
  }

  async remove(path: string): Promise<void> {
    const { commands, device } = this.options;
    if (!(await commands.act("remove", { path })))
      throw transferErrors.TransferNotSupported({ device, what: "way to remove files without SFTP" });
  }

  async replace(from: string, to: string): Promise<void> {
    await this.options.commands.act("replace", { path: from, target: to });
  }

  /** The mode goes with the file. */
  adopt(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  freeBytes(folder: string): Promise<number | undefined> {
    return this.options.commands.freeBytes(folder);
  }

  async write(path: string, content: Content, _from: number, mode: number): Promise<void> {
    const { flow } = this.options;
    // With -p the mode is set as it is said, whatever the login's mask.
    await this.conversation(path, `${this.isPosix ? "-p " : ""}-t`, async (rcp) => {
      await rcp.announce({ mode, size: content.size, name: splitPath(path).name });
      const buffer = Buffer.allocUnsafe(flow.block(BLOCK));
      for (let offset = 0; offset < content.size; ) {
        const read = await content.read(
          buffer.subarray(0, Math.min(buffer.length, content.size - offset)),
          offset,
        );
        if (read === 0) throw transferErrors.SourceChanged({ path });
        await flow.admit(read);
        await rcp.send(Buffer.from(buffer.subarray(0, read)));
        flow.moved(read);
        offset += read;
      }
      await rcp.finish();
    });
  }

  async read(path: string, _range: unknown, take: (data: Uint8Array) => Promise<void>): Promise<void> {
    const { flow } = this.options;
    await this.conversation(path, "-f", async (rcp) => {
      const { size } = await rcp.requested();
      await rcp.send("\0");
      for (let left = size; left > 0; ) {
        const data = await rcp.bytes(Math.min(left, flow.block(BLOCK)));
        await flow.admit(data.length);
        await take(data);
        flow.moved(data.length);
        left -= data.length;
      }
      await rcp.received();
    });
  }

  close(): void {}

  private get isPosix(): boolean {
    return this.options.commands.data.quoting === "posix";
  }

  private async conversation(
    path: string,
    flags: string,
    talk: (rcp: RcpChannel) => Promise<void>,
  ): Promise<void> {
    const { flow, channels, commands } = this.options;
    const command = `scp ${flags} ${commands.quoted(path)}`;
    let rcp: RcpChannel | undefined;
    try {
      await flow.guard(path, async () => {
        rcp = new RcpChannel(await channels.exec(command));
        await talk(rcp);
      });
    } catch (error) {
      if (!(error instanceof NetPulseError) && (error instanceof RcpEnded || (await channels.cut()))) {
        const why = "the connection ended";
        throw transferErrors.TransferInterrupted(
          { device: this.options.device, path, why },
          { cause: error },
        );
      }
      throw this.explain(error, path);
    } finally {
      rcp?.end();
    }
  }

  private explain(error: unknown, path: string): unknown {
    const { device, commands } = this.options;
    if (error instanceof NetPulseError || !(error instanceof Error)) return error;
    const remedy = commands.data.scpRemedy;
    if (/^Unable to exec/.test(error.message))
      return transferErrors.TransferNotSupported({ device, what: "SCP", remedy }, { cause: error });
    if (!(error instanceof RcpRefused)) return error;
    const said = error.message;
    if (!error.spoke) {
      // A caret under the place of the mistake is of no use on a line of its own.
      const words = said.replace(/^[\s^]+/, "");
      const what = `SCP that could be used${words === "" ? "" : ` (it said: ${quote(words)})`}`;
      return transferErrors.TransferNotSupported({ device, what, remedy }, { cause: error });
    }
    if (/no such file|cannot find|does not exist/i.test(said))
      return transferErrors.RemoteFileMissing({ device, path }, { cause: error });
    if (/permission denied|not permitted|read-only/i.test(said))
      return transferErrors.RemotePermissionDenied({ device, path, what: "use" }, { cause: error });
    if (/no space|not enough space|disk quota/i.test(said))
      return transferErrors.NoSpace({ device, path, answer: said }, { cause: error });
    if (/folder|directory/i.test(said))
      return transferErrors.RemotePathUnusable(
        { device, path, why: `cannot be carried: ${said}` },
        { cause: error },
      );
    return transferErrors.RemoteFailure({ device, path, answer: said }, { cause: error });
  }
}
