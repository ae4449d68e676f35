import type { AddressInfo } from "node:net";
import ssh2, { type Connection, type SFTPWrapper } from "ssh2";
import { newHostKey } from "../../../simulator/index.ts";
import { fingerprint } from "../../host-key.ts";
import { connectSsh, type SshConnection } from "../../ssh.ts";

const { STATUS_CODE, OPEN_MODE } = ssh2.utils.sftp;

export interface PlainSftpOptions {
  /** A read gives at most so many bytes. */
  shortReads?: number;
  /** Ends the connection once so many bytes have been written. */
  cutAfter?: number;
  /** Loses the block that is written at this offset, once, as a server may that does not keep the order of requests. */
  losesAt?: number;
  /** Refuses what goes beyond so many bytes in all. */
  capacity?: number;
  /** Refuses to rename to this path. */
  keeps?: string;
}

/** An SFTP server of version 3 without any extension, whose files are in memory. */
export interface PlainSftp {
  readonly files: Map<string, Buffer>;
  readonly options: PlainSftpOptions;
  connect(): Promise<SshConnection>;
  close(): Promise<void>;
}

export async function startPlainSftp(options: PlainSftpOptions = {}): Promise<PlainSftp> {
  const hostKey = newHostKey();
  const files = new Map<string, Buffer>();
  const connections = new Set<Connection>();
  const server = new ssh2.Server({ hostKeys: [hostKey], ident: "Plain_1.0" }, (connection) => {
    connections.add(connection);
    connection.on("error", () => {});
    connection.on("close", () => connections.delete(connection));
    connection.on("authentication", (context) => context.accept());
    connection.on("ready", () =>
      connection.on("session", (accept) =>
        accept().on("sftp", (agree) => serve(agree(), files, options, () => connection.end())),
      ),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const key = ssh2.utils.parseKey(hostKey);
  if (key instanceof Error) throw key;
  return {
    files,
    options,
    connect: () =>
      connectSsh({
        device: "h1",
        host: "127.0.0.1",
        port: (server.address() as AddressInfo).port,
        credential: { username: "admin", password: "admin", data: {} },
        hostKeys: { policy: "Strict", fingerprints: [fingerprint(key.getPublicSSH())] },
        limits: { connectMs: 5000, bannerMs: 5000, authMs: 5000 },
        algorithms: "modern",
      }),
    close: () => {
      for (const connection of connections) connection.end();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function serve(
  sftp: SFTPWrapper,
  files: Map<string, Buffer>,
  options: PlainSftpOptions,
  cut: () => void,
): void {
  const handles = new Map<number, { readonly path: string; listed?: boolean }>();
  let count = 0;
  let written = 0;
  const newHandle = (path: string) => {
    handles.set(++count, { path });
    const handle = Buffer.alloc(4);
    handle.writeUInt32BE(count);
    return handle;
  };
  const opened = (handle: Buffer) => handles.get(handle.readUInt32BE());
  const attributes = (path: string) => {
    const file = files.get(path);
    const mode = file ? 0o100644 : 0o40755;
    return { mode, uid: 0, gid: 0, size: file?.length ?? 0, atime: 1, mtime: 1 };
  };
  const look = (id: number, path: string) => {
    if (files.has(path) || path === "/") sftp.attrs(id, attributes(path));
    else sftp.status(id, STATUS_CODE.NO_SUCH_FILE);
  };
  sftp.on("error", () => {});
  sftp.on("STAT", look);
  sftp.on("LSTAT", look);
  sftp.on("SETSTAT", (id) => sftp.status(id, STATUS_CODE.OK));
  sftp.on("OPEN", (id, path, flags) => {
    if (flags & OPEN_MODE.TRUNC || (flags & OPEN_MODE.CREAT && !files.has(path)))
      files.set(path, Buffer.alloc(0));
    if (files.has(path)) sftp.handle(id, newHandle(path));
    else sftp.status(id, STATUS_CODE.NO_SUCH_FILE);
  });
  sftp.on("OPENDIR", (id, path) => sftp.handle(id, newHandle(path)));
  sftp.on("READDIR", (id, handle) => {
    const folder = opened(handle);
    if (!folder || folder.listed) return sftp.status(id, STATUS_CODE.EOF);
    folder.listed = true;
    const names = [...files.keys()].map((path) => path.slice(1));
    if (names.length === 0) return sftp.status(id, STATUS_CODE.EOF);
    sftp.name(
      id,
      names.map((filename) => ({ filename, longname: filename, attrs: attributes(`/${filename}`) })),
    );
  });
  sftp.on("CLOSE", (id, handle) => {
    handles.delete(handle.readUInt32BE());
    sftp.status(id, STATUS_CODE.OK);
  });
  sftp.on("READ", (id, handle, offset, length) => {
    const file = files.get(opened(handle)?.path ?? "") ?? Buffer.alloc(0);
    const data = file.subarray(offset, offset + Math.min(length, options.shortReads ?? length));
    if (data.length === 0) sftp.status(id, STATUS_CODE.EOF);
    else sftp.data(id, data);
  });
  sftp.on("WRITE", (id, handle, offset, data) => {
    const path = opened(handle)?.path ?? "";
    const before = files.get(path) ?? Buffer.alloc(0);
    written += data.length;
    if (written > (options.capacity ?? Number.POSITIVE_INFINITY)) return sftp.status(id, STATUS_CODE.FAILURE);
    const after = Buffer.alloc(Math.max(before.length, offset + data.length));
    before.copy(after);
    if (options.losesAt !== undefined && offset <= options.losesAt && options.losesAt < offset + data.length)
      delete options.losesAt;
    else data.copy(after, offset);
    files.set(path, after);
    if (written >= (options.cutAfter ?? Number.POSITIVE_INFINITY)) {
      delete options.cutAfter;
      cut();
    } else sftp.status(id, STATUS_CODE.OK);
  });
  sftp.on("REMOVE", (id, path) =>
    sftp.status(id, files.delete(path) ? STATUS_CODE.OK : STATUS_CODE.NO_SUCH_FILE),
  );
  sftp.on("RENAME", (id, from, to) => {
    const file = files.get(from);
    if (
      !file ||
      files.has(to) ||
      (to === options.keeps && from.includes(".netpulse-") && !from.endsWith("-old"))
    )
      return sftp.status(id, STATUS_CODE.FAILURE);
    files.delete(from);
    files.set(to, file);
    sftp.status(id, STATUS_CODE.OK);
  });
}
