import type { Content } from "../../plugin/index.ts";

export interface RemoteEntry {
  readonly kind: "file" | "folder" | "link" | "other";
  readonly size: number;
  /** Permission bits. */
  readonly mode?: number;
  readonly owner?: { readonly uid: number; readonly gid: number };
  /** Tells one content from another, as far as the device can: the time of the last change. */
  readonly modified?: string;
}

export type NamedEntry = RemoteEntry & { readonly name: string };

/** `unknown`: this way to the device has no question for it. */
export type Looked = RemoteEntry | "missing" | "unknown";

/** The files of a device through one protocol. What cannot be done rejects with an error of the catalogue. */
export interface RemoteFiles {
  readonly protocol: "Sftp" | "Scp";
  /** Whether a file can be written to beyond its beginning. */
  readonly resumes: boolean;
  /** Bytes before the end of an interrupted file that may have been overtaken by later ones. */
  readonly unsureBytes: number;
  /** Whether a file can take the place of another at once. */
  readonly replaces: boolean;

  /** What is at a path; a link is followed. */
  look(path: string): Promise<Looked>;
  /** Where a path leads if it is a link; otherwise itself. */
  resolve(path: string): Promise<string>;
  list(folder: string): Promise<NamedEntry[]>;
  makeFolder(path: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Puts `from` in the place of `to`. */
  replace(from: string, to: string): Promise<void>;
  /** Sets what a new file shall have. Resolves with what could not be set, for people. */
  adopt(path: string, mode: number, owner: RemoteEntry["owner"]): Promise<string | undefined>;
  /** Free bytes for this user; undefined: it cannot be found out. */
  freeBytes(folder: string): Promise<number | undefined>;

  /** Writes content from an offset on; before it the file is left as it is. A new file gets `mode`, at once or by `adopt`. */
  write(path: string, content: Content, from: number, mode: number): Promise<void>;
  /** Reads the bytes from `from` to `to` (or the end before it) and hands them on in order. */
  read(
    path: string,
    range: { readonly from: number; readonly to: number },
    take: (data: Uint8Array) => Promise<void>,
  ): Promise<void>;
  close(): void;
}
