import type { ClientChannel } from "ssh2";

/** What an RCP peer says before a file's bytes. */
export interface RcpFile {
  readonly mode: number;
  readonly size: number;
  readonly name: string;
}

/** The peer refused; the text is its own. `spoke`: in the way that SCP does, and not as a command line that knows no SCP. */
export class RcpRefused extends Error {
  readonly spoke: boolean;

  constructor(message: string, spoke: boolean) {
    super(message);
    this.spoke = spoke;
  }
}

/** The channel ended in the middle without a reason. */
export class RcpEnded extends Error {}

/**
 * The conversation of `scp -t` and `scp -f`: a record of one line, the bytes, a zero, each acknowledged by a zero; 1 and 2 begin a
 * message instead.
 */
export class RcpChannel {
  private readonly channel: ClientChannel;
  private readonly chunks: AsyncIterator<Buffer>;
  private pending: Buffer = Buffer.alloc(0);
  private readonly complaints: string[] = [];
  /** Whether the peer has said anything that is SCP. */
  private spoke = false;

  constructor(channel: ClientChannel) {
    this.channel = channel;
    this.chunks = channel[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    channel.on("error", () => {});
    channel.stderr.on("data", (text: Buffer) => {
      if (this.complaints.length < 16) this.complaints.push(text.toString("utf8"));
    });
  }

  /** Announces a file and waits until the peer wants its bytes. */
  async announce({ mode, size, name }: RcpFile): Promise<void> {
    await this.acknowledged();
    await this.send(`C${mode.toString(8).padStart(4, "0")} ${size} ${name}\n`);
    await this.acknowledged();
  }

  /** Resolves when there is room for more. */
  send(data: Uint8Array | string): Promise<void> {
    return new Promise((resolve, reject) => {
      if (!this.channel.writable) return reject(this.ended());
      this.channel.write(data, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** All bytes are sent: the peer says whether it has them. */
  async finish(): Promise<void> {
    await this.send("\0");
    await this.acknowledged();
  }

  /** Asks for the file and reads its record. */
  async requested(): Promise<RcpFile> {
    await this.send("\0");
    for (;;) {
      const line = await this.line();
      // A record of times comes first where they are kept.
      if (line.startsWith("T")) {
        await this.send("\0");
        continue;
      }
      const [, kind, mode = "", size, name] = /^([CD])([0-7]{3,5}) (\d+) (.*)$/.exec(line) ?? [];
      if (kind === "C") this.spoke = true;
      if (kind === "C") return { mode: Number.parseInt(mode, 8), size: Number(size), name: name ?? "" };
      throw kind === "D" ? new RcpRefused("it is a folder", true) : this.refused(line);
    }
  }

  /** The next bytes of the file, at most `most`. */
  async bytes(most: number): Promise<Buffer> {
    if (this.pending.length === 0) await this.more();
    const taken = this.pending.subarray(0, most);
    this.pending = this.pending.subarray(taken.length);
    return taken;
  }

  /** After the last byte the peer says whether it could read them all. */
  async received(): Promise<void> {
    await this.acknowledged();
    await this.send("\0");
  }

  end(): void {
    this.channel.end();
    this.channel.close();
  }

  private async acknowledged(): Promise<void> {
    if (this.pending.length === 0) await this.more();
    if (this.pending[0] === 0) {
      this.pending = this.pending.subarray(1);
      this.spoke = true;
      return;
    }
    throw this.refused(await this.line());
  }

  private async line(): Promise<string> {
    for (;;) {
      const end = this.pending.indexOf(10);
      if (end >= 0) {
        const line = this.pending.toString("utf8", 0, end);
        this.pending = this.pending.subarray(end + 1);
        return line;
      }
      if (this.pending.length > 8192) throw new RcpRefused("it does not speak SCP", false);
      await this.more();
    }
  }

  private async more(): Promise<void> {
    const { done, value } = await this.chunks.next();
    if (done) throw this.ended();
    this.pending = this.pending.length === 0 ? value : Buffer.concat([this.pending, value]);
  }

  private ended(): Error {
    const said = this.complaint(this.spoke ? "" : this.pending.toString("utf8"));
    if (said === "" && this.spoke) return new RcpEnded("the device ended the transfer");
    return new RcpRefused(said, this.spoke);
  }

  private refused(line: string): RcpRefused {
    const said = line.replace(REFUSAL, "");
    return new RcpRefused(this.complaint(said), this.spoke || said !== line);
  }

  private complaint(said = ""): string {
    const all = [...this.complaints, said].map((text) => text.trim()).filter((text) => text !== "");
    return all.join("; ").slice(0, 300);
  }
}

/** A warning or an error begins with a byte of its own. */
const REFUSAL = /^[\u0001\u0002]/;
