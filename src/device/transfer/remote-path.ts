import { createHash } from "node:crypto";
import type { Content } from "../../plugin/index.ts";

/** A path on a device: `/etc/motd`, `flash:/images/x.bin`, `x.bin` (in the login's folder). */
export interface RemotePath {
  /** With what separates it from the name: `/etc/`, `flash:`, or empty. */
  readonly prefix: string;
  readonly name: string;
}

export function splitPath(path: string): RemotePath {
  const end = Math.max(path.lastIndexOf("/"), path.lastIndexOf(":")) + 1;
  return { prefix: path.slice(0, end), name: path.slice(end) };
}

/** The folder that a path is in, as it can be asked about: `/etc`, `flash:`, `.`. */
export function folderOf(path: string): string {
  const { prefix } = splitPath(path);
  if (prefix === "") return ".";
  return prefix.endsWith("/") && !/^\/$|:\/$/.test(prefix) ? prefix.slice(0, -1) : prefix;
}

/** `flash:` of `flash:/images/x.bin`; empty where the path names no file system. */
export function fileSystemOf(path: string): string {
  return /^[\w-]+:/.exec(path)?.[0] ?? "";
}

/** A path below another; an empty one is the other itself. */
export function below(folder: string, path: string): string {
  if (path === "") return folder;
  return /[/:]$/.test(folder) ? folder + path : `${folder}/${path}`;
}

const MARK = ".netpulse-";

/**
 * Under which name a file arrives before it gets its own. The name is made of the content: who puts the same content at the same
 * place again finds what an interrupted attempt left, and nothing else.
 */
export async function arrivalPath(path: string, content: Content): Promise<string> {
  const { prefix, name } = splitPath(path);
  const hash = createHash("sha256")
    .update(`${path}\0${content.size}\0${await content.digest("sha256")}`)
    .digest("hex");
  // A name of a file has at most 255 bytes nearly everywhere.
  return `${prefix}.${name.slice(0, 60)}${MARK}${hash.slice(0, 12)}`;
}

/** Whether a name is that of an unfinished arrival of the file `name`. */
export function isArrivalOf(name: string, candidate: string): boolean {
  const start = `.${name.slice(0, 60)}${MARK}`;
  return candidate.startsWith(start) && /^[0-9a-f]{12}$/.test(candidate.slice(start.length));
}
