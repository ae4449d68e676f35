/** Functions with which a digest can be agreed on with a device. */
export type DigestAlgorithm = "sha256" | "md5";

/** Bytes that stand still: of any size, readable at any place, as often as needed. */
export interface Content {
  /** In bytes. */
  readonly size: number;
  /** Fills `into` from `offset` on; resolves with the bytes read, fewer than asked only at the end. */
  read(into: Uint8Array, offset: number): Promise<number>;
  /** Hexadecimal digest of all of it. */
  digest(algorithm: DigestAlgorithm): Promise<string>;
}

/** One thing that is put on a device. */
export interface PutEntry {
  /** Below the target's path, with `/`; empty for the target itself. */
  readonly path: string;
  /** Absent: a folder. Folders stand before what is in them. */
  readonly content?: Content;
}

/** Where one fetched file goes. Nothing is seen under its final name before `commit`. */
export interface FileSink {
  /** What is there under the final name; undefined: nothing. */
  existing(): Promise<Content | undefined>;
  /**
   * Begins to receive. `identity` tells one content of the device's file from another (path, size, time): what an interrupted
   * attempt left of the same one is kept, and its size in bytes is the result. 0: it begins at the beginning.
   */
  open(identity: string): Promise<number>;
  /** Leaves only the first `size` bytes of what was received. */
  truncate(size: number): Promise<void>;
  /** Adds bytes at the end. @throws TransferTooLarge */
  append(data: Uint8Array): Promise<void>;
  /** What was received so far. */
  received(): Content;
  /** All bytes are there and checked. */
  commit(): Promise<void>;
  /** It failed. `keep`: what is there may be of use to another attempt. */
  abandon(keep: boolean): Promise<void>;
}

/** Where fetched files go, by their path below the fetched one (empty for itself). */
export interface SinkTree {
  file(path: string): Promise<FileSink>;
  folder(path: string): Promise<void>;
}

interface TransferCommon {
  /** On the device. */
  readonly path: string;
  /** `Auto`: SFTP where the server has it, else SCP. */
  readonly protocol: "Auto" | "Sftp" | "Scp";
  /** What to do with a target that is there already. */
  readonly overwrite: "Always" | "IfDifferent" | "Never";
  /** `Auto`: compare digests after the transfer where the device can make one; `Off`: sizes only. */
  readonly checksum: "Auto" | "Off";
  /** Highest rate; absent: as fast as it goes. */
  readonly bytesPerSecond?: number;
  /** Told after each block how much of the whole is there. */
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
}

/** A file, or a folder with what is in it, that goes to a device. */
export interface Put extends TransferCommon {
  readonly direction: "put";
  readonly entries: readonly PutEntry[];
  /** Permission bits of files, such as 0o644; absent: those of the file that is replaced, else 0644. */
  readonly mode?: number;
}

/** A file, or a folder with what is in it, that comes from a device. */
export interface Get extends TransferCommon {
  readonly direction: "get";
  /** Allows a folder. */
  readonly recursive: boolean;
  readonly into: SinkTree;
}

export type Transfer = Put | Get;

export interface TransferResult {
  readonly protocol: "Sftp" | "Scp";
  /** Of all files together, those included that were there already. */
  readonly bytes: number;
  /** Files that were carried over. */
  readonly files: number;
  /** SHA-256 of a single file, as it is at this end. */
  readonly sha256?: string;
  /** What the device said of a single file. */
  readonly deviceDigest?: { readonly algorithm: DigestAlgorithm; readonly hex: string };
  /** The weakest proof of all files that both ends have the same; absent: nothing was carried over. */
  readonly verified?: DigestAlgorithm | "size";
  /** Bytes that an earlier attempt had carried over already. */
  readonly resumedBytes?: number;
  /** Why nothing was carried over. */
  readonly skipped?: string;
  /** What of a folder was left out, with the reason: `link.txt: a symbolic link`. */
  readonly leftOut?: readonly string[];
  /** What could not be found out or done, for people. */
  readonly notes?: readonly string[];
}
