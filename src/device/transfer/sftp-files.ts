import type { FileEntryWithStats, SFTPWrapper, Stats } from "ssh2";
import { NetPulseError } from "../../errors/define.ts";
import { transferErrors } from "../../errors/transfer.ts";
import type { Content } from "../../plugin/index.ts";
import { hasten, sftpAbilities } from "../ssh-internals.ts";
import type { Flow } from "./flow.ts";
import type { Looked, NamedEntry, RemoteEntry, RemoteFiles } from "./remote-files.ts";
import { Window } from "./window.ts";

/** Bytes under way at once. OpenSSH's channel window is 2 MiB: more would only wait here. */
const WINDOW_BYTES = 2 * 1024 * 1024;
/** Status codes of SFTP version 3. */
const STATUS = { endOfFile: 1, noSuchFile: 2, permissionDenied: 3, failure: 4, unsupported: 8 };

export interface SftpOptions {
  readonly device: string;
  readonly flow: Flow;
  /** The server's software: OpenSSH carries requests out in the order in which they come. */
  readonly serverVersion: string;
}

/** Files through SFTP version 3, with what OpenSSH added to it where the server has that. */
export class SftpFiles implements RemoteFiles {
  readonly protocol = "Sftp";
  readonly resumes = true;
  readonly replaces = true;
  readonly unsureBytes: number;
  private readonly sftp: SFTPWrapper;
  private readonly abilities: ReturnType<typeof sftpAbilities>;
  private readonly options: SftpOptions;
  private readonly relax: () => void;

  constructor(sftp: SFTPWrapper, options: SftpOptions) {
    this.sftp = sftp;
    this.abilities = sftpAbilities(sftp);
    this.options = options;
    this.unsureBytes = options.serverVersion.startsWith("OpenSSH") ? 0 : WINDOW_BYTES;
    sftp.on("error", () => {});
    this.relax = hasten(sftp);
  }

  async look(path: string): Promise<Looked> {
    try {
      return entryOf(await this.ask<Stats>(path, "look at", (done) => this.sftp.stat(path, done)));
    } catch (error) {
      if (error instanceof NetPulseError && error.code === "RemoteFileMissing") return "missing";
      throw error;
    }
  }

  async resolve(path: string): Promise<string> {
    try {
      const stats = await this.ask<Stats>(path, "look at", (done) => this.sftp.lstat(path, done));
      if (!stats.isSymbolicLink()) return path;
      return await this.ask<string>(path, "look at", (done) => this.sftp.realpath(path, done));
    } catch (error) {
      if (error instanceof NetPulseError && error.code === "RemoteFileMissing") return path;
      throw error;
    }
  }

  async list(folder: string): Promise<NamedEntry[]> {
    const found = await this.ask<FileEntryWithStats[]>(folder, "list", (done) =>
      this.sftp.readdir(folder, done),
    );
    return found
      .filter(({ filename }) => filename !== "." && filename !== "..")
      .map(({ filename, attrs }) => ({ name: filename, ...entryOf(attrs) }));
  }

  async makeFolder(path: string): Promise<void> {
    if ((await this.look(path)) !== "missing") return;
    await this.ask(path, "make folder", (done) => this.sftp.mkdir(path, { mode: 0o755 }, answered(done)));
  }

  async remove(path: string): Promise<void> {
    await this.ask(path, "remove", (done) => this.sftp.unlink(path, answered(done)));
  }

  /** Plain renaming refuses to replace: then the old file is moved aside for a moment and comes back if the new one cannot take its place. */
  async replace(from: string, to: string): Promise<void> {
    const rename = (a: string, b: string) =>
      this.ask(b, "write", (done) => this.sftp.rename(a, b, answered(done)));
    if (this.abilities.extensions.has("posix-rename@openssh.com")) {
      await this.ask(to, "write", (done) => this.sftp.ext_openssh_rename(from, to, answered(done)));
      return;
    }
    if ((await this.look(to)) === "missing") {
      await rename(from, to);
      return;
    }
    const aside = `${from}-old`;
    await rename(to, aside);
    try {
      await rename(from, to);
    } catch (error) {
      await rename(aside, to);
      throw error;
    }
    await this.remove(aside);
  }

  async adopt(path: string, mode: number, owner: RemoteEntry["owner"]): Promise<string | undefined> {
    const notes: string[] = [];
    const present = owner && (await this.look(path));
    if (owner && typeof present === "object" && !sameOwner(present.owner, owner)) {
      // Before the mode: a change of owner takes the set-user bit away.
      await this.ask(path, "change", (done) =>
        this.sftp.chown(path, owner.uid, owner.gid, answered(done)),
      ).catch(() => notes.push(`the owner could not be kept: it was ${owner.uid}:${owner.gid}`));
    }
    await this.ask(path, "change", (done) => this.sftp.chmod(path, mode, answered(done))).catch(() =>
      notes.push(`the permissions could not be set to ${mode.toString(8)}`),
    );
    return notes.length === 0 ? undefined : notes.join("; ");
  }

  async freeBytes(folder: string): Promise<number | undefined> {
    try {
      const found = await this.ask<{ f_frsize: number | bigint; f_bavail: number | bigint }>(
        folder,
        "look at",
        (done) => this.sftp.ext_openssh_statvfs(folder, done),
      );
      return Number(found.f_frsize) * Number(found.f_bavail);
    } catch (error) {
      if (isInterruption(error)) throw error;
      return undefined;
    }
  }

  /** Nobody else may read it before it has the permissions that it shall have. */
  async write(path: string, content: Content, from: number): Promise<void> {
    const handle = await this.ask<Buffer>(path, "write", (done) =>
      this.sftp.open(path, from > 0 ? "r+" : "w", { mode: 0o600 }, done),
    );
    const { flow } = this.options;
    try {
      await flow.guard(path, () => this.send(handle, path, content, from));
    } catch (error) {
      throw this.explain(error, path, "write");
    } finally {
      this.sftp.close(handle, () => {});
    }
  }

  private async send(handle: Buffer, path: string, content: Content, from: number): Promise<void> {
    const { flow } = this.options;
    const block = flow.block(Math.min(this.abilities.writeBytes, WINDOW_BYTES / 4));
    const window = new Window(Math.max(2, Math.floor(WINDOW_BYTES / block)));
    // ssh2 copies what it sends, so that one buffer does.
    const buffer = Buffer.allocUnsafe(block);
    for (let offset = from; offset < content.size; ) {
      const read = await content.read(buffer.subarray(0, Math.min(block, content.size - offset)), offset);
      if (read === 0) throw transferErrors.SourceChanged({ path });
      await flow.admit(read);
      await window.enter();
      this.sftp.write(handle, buffer, 0, read, offset, (error) => {
        if (!error) flow.moved(read);
        window.leave(error);
      });
      offset += read;
    }
    await window.empty();
  }

  async read(
    path: string,
    range: { readonly from: number; readonly to: number },
    take: (data: Uint8Array) => Promise<void>,
  ): Promise<void> {
    const handle = await this.ask<Buffer>(path, "read", (done) => this.sftp.open(path, "r", done));
    try {
      await this.options.flow.guard(path, () => this.receive(handle, range, take));
    } catch (error) {
      throw this.explain(error, path, "read");
    } finally {
      this.sftp.close(handle, () => {});
    }
  }

  /** Asks ahead and takes the answers in order, so that what is kept at any moment has no gap. */
  private async receive(
    handle: Buffer,
    { from, to }: { readonly from: number; readonly to: number },
    take: (data: Uint8Array) => Promise<void>,
  ): Promise<void> {
    const { flow } = this.options;
    const block = flow.block(Math.min(this.abilities.readBytes, WINDOW_BYTES / 4));
    const most = Math.max(2, Math.floor(WINDOW_BYTES / block));
    const ahead: { readonly at: number; readonly into: Buffer; readonly got: Promise<number> }[] = [];
    const free: Buffer[] = [];
    for (let next = from; ; ) {
      while (ahead.length < most && next < to) {
        const length = Math.min(block, to - next);
        await flow.admit(length);
        const into = (free.pop() ?? Buffer.allocUnsafeSlow(block)).subarray(0, length);
        const got = this.block(handle, next, into);
        got.catch(() => {});
        ahead.push({ at: next, into, got });
        next += length;
      }
      const first = ahead.shift();
      if (!first) return;
      const { at, into, got } = first;
      let filled = await got;
      // A server may give less than was asked for before the end.
      for (let more = filled; more > 0 && filled < into.length; filled += more)
        more = await this.block(handle, at + filled, into.subarray(filled));
      if (filled === 0) return;
      await take(into.subarray(0, filled));
      flow.moved(filled);
      if (filled < into.length) return;
      if (into.length === block) free.push(into);
    }
  }

  /** Fills as much as the server gives; 0: the end of the file. */
  private block(handle: Buffer, at: number, into: Buffer): Promise<number> {
    return new Promise((resolve, reject) =>
      this.sftp.read(handle, into, 0, into.length, at, (error, read) => {
        if (!error) resolve(read);
        else if ((error as { code?: unknown }).code === STATUS.endOfFile) resolve(0);
        else reject(error);
      }),
    );
  }

  close(): void {
    this.relax();
    this.sftp.end();
  }

  private async ask<T>(
    path: string,
    what: string,
    request: (done: (error: Error | null | undefined, value: T) => void) => void,
  ): Promise<T> {
    try {
      return await this.options.flow.guard(
        path,
        () =>
          new Promise<T>((resolve, reject) =>
            request((error, value) => (error ? reject(error) : resolve(value))),
          ),
      );
    } catch (error) {
      throw this.explain(error, path, what);
    }
  }

  private explain(error: unknown, path: string, what: string): unknown {
    if (!(error instanceof Error) || error instanceof NetPulseError) return error;
    const { device } = this.options;
    switch ((error as { code?: unknown }).code) {
      case STATUS.noSuchFile:
        return transferErrors.RemoteFileMissing({ device, path }, { cause: error });
      case STATUS.permissionDenied:
        return transferErrors.RemotePermissionDenied({ device, path, what }, { cause: error });
      case STATUS.failure:
      case STATUS.unsupported:
        return transferErrors.RemoteFailure({ device, path, answer: error.message }, { cause: error });
      default:
        return error;
    }
  }
}

function isInterruption(error: unknown): boolean {
  return error instanceof NetPulseError && error.code === "TransferInterrupted";
}

function answered(done: (error: Error | null | undefined, value: undefined) => void) {
  return (error?: Error | null) => done(error, undefined);
}

function sameOwner(a: RemoteEntry["owner"], b: RemoteEntry["owner"]): boolean {
  return a?.uid === b?.uid && a?.gid === b?.gid;
}

function entryOf(stats: Pick<Stats, "mode" | "size" | "uid" | "gid" | "mtime">): RemoteEntry {
  const kinds: Readonly<Record<number, RemoteEntry["kind"]>> = { 8: "file", 4: "folder", 10: "link" };
  return {
    kind: kinds[(stats.mode ?? 0o100000) >> 12] ?? "other",
    size: stats.size ?? 0,
    mode: (stats.mode ?? 0) & 0o7777,
    owner: { uid: stats.uid, gid: stats.gid },
    modified: String(stats.mtime),
  };
}
