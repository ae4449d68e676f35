import type { ClientChannel, SFTPWrapper } from "ssh2";
import { transferErrors } from "../../errors/transfer.ts";
import type { SshConnection } from "../ssh.ts";

export interface ChannelOptions {
  readonly device: string;
  /** The session's connection. */
  readonly connection: SshConnection;
  /** Logs in once more with the same credential. */
  readonly again: () => Promise<SshConnection>;
  /** The device gives a connection one channel only, or breaks it when asked for another: the session's is left alone. */
  readonly apart: boolean;
}

/** A shell, SFTP and a program at the same time need three where each connection has room for one. */
const MOST_MORE = 2;

/** Channels beside a session's: on its connection where the server permits it, else on further ones. */
export class Channels {
  private readonly options: ChannelOptions;
  private readonly more: SshConnection[] = [];
  private readonly ended = new Set<SshConnection>();
  private last: SshConnection | undefined;

  constructor(options: ChannelOptions) {
    this.options = options;
    this.watch(options.connection);
  }

  /** Whether the connection of the last channel has ended; what its channels report then has no meaning. */
  async cut(): Promise<boolean> {
    // A connection tells its channels first, and then that it is closed.
    await new Promise((resolve) => setImmediate(resolve));
    return this.last !== undefined && this.ended.has(this.last);
  }

  /** The server's SFTP; undefined: it has none. */
  async sftp(): Promise<SFTPWrapper | undefined> {
    try {
      return await this.open((connection) => sftpOn(connection));
    } catch (error) {
      const explained = await this.explained(error);
      if (explained instanceof NoSubsystem) return undefined;
      throw explained;
    }
  }

  /** Starts a program (or what the device takes for one). */
  async exec(command: string): Promise<ClientChannel> {
    try {
      return await this.open(
        (connection) =>
          new Promise((resolve, reject) =>
            connection.client.exec(command, (error, channel) => (error ? reject(error) : resolve(channel))),
          ),
      );
    } catch (error) {
      throw await this.explained(error);
    }
  }

  /** Ends the connections that were opened for this; the session's own stays. */
  close(): void {
    for (const connection of this.more.splice(0)) connection.close();
  }

  private async open<T>(attempt: (connection: SshConnection) => Promise<T>): Promise<T> {
    const { connection, apart, again } = this.options;
    let refusal: unknown;
    for (const candidate of apart ? this.more : [connection, ...this.more]) {
      this.last = candidate;
      try {
        return await attempt(candidate);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        refusal = error;
      }
    }
    if (this.more.length >= MOST_MORE) throw refusal;
    const another = await again();
    this.more.push(another);
    this.watch(another);
    this.last = another;
    return attempt(another);
  }

  private watch(connection: SshConnection): void {
    void connection.closed.then(() => this.ended.add(connection));
  }

  /** A connection that is cut while a channel is opened looks like one that refuses it. */
  private async explained(error: unknown): Promise<unknown> {
    if (await this.cut()) return new Error("the connection ended", { cause: error });
    if (!isRefusal(error)) return error;
    const what = "free channel for a file transfer, not on a connection of its own either";
    return transferErrors.TransferNotSupported({ device: this.options.device, what });
  }
}

class NoSubsystem extends Error {}

function sftpOn({ client }: SshConnection): Promise<SFTPWrapper> {
  return new Promise((resolve, reject) =>
    client.sftp((error, sftp) => {
      if (!error) return resolve(sftp);
      // A server without SFTP says so at once, or starts something that is not SFTP.
      const cut = isRefusal(error) || /Not connected|No response/.test(error.message);
      reject(cut ? error : new NoSubsystem(error.message));
    }),
  );
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("(SSH) Channel open failure");
}
