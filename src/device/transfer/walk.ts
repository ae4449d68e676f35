import { transferErrors } from "../../errors/transfer.ts";
import type { RemoteFiles } from "./remote-files.ts";
import { below } from "./remote-path.ts";

export interface Walked {
  /** Paths below the folder, outer ones first. */
  readonly folders: readonly string[];
  readonly files: readonly { readonly path: string; readonly size: number }[];
  /** With the reason. */
  readonly leftOut: readonly string[];
}

/** Deeper than any sensible tree: a file system that contains itself must end somewhere. */
const DEEPEST = 64;
const MOST_FILES = 10_000;
const MOST_TOLD = 64;

/** All files below a folder of a device. Links are never followed. */
export async function walk(folder: string, device: string, remote: RemoteFiles): Promise<Walked> {
  const folders: string[] = [];
  const files: { path: string; size: number }[] = [];
  const leftOut: string[] = [];
  const waiting = [""];
  // The listing of one way goes down by itself, that of the other shows one level.
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (const { name, kind, size } of await remote.list(below(folder, at))) {
      const path = at === "" ? name : `${at}/${name}`;
      if (!isBelow(path)) leftOut.push(`${JSON.stringify(path)}: not a name that can be kept`);
      else if (kind === "folder") {
        folders.push(path);
        if (remote.protocol === "Sftp") waiting.push(path);
      } else if (kind === "file") files.push({ path, size });
      else leftOut.push(`${path}: ${kind === "link" ? "a symbolic link" : "neither a file nor a folder"}`);
      if (files.length + folders.length > MOST_FILES || path.split("/").length > DEEPEST)
        throw transferErrors.RemotePathUnusable({
          device,
          path: folder,
          why: `has more than ${MOST_FILES} files or is deeper than ${DEEPEST} folders`,
        });
    }
  }
  const more = leftOut.length - MOST_TOLD;
  return {
    folders,
    files,
    leftOut: more > 0 ? [...leftOut.slice(0, MOST_TOLD), `and ${more} more`] : leftOut,
  };
}

/** Whether a name that a device gave leads nowhere but down. */
function isBelow(path: string): boolean {
  return path
    .split("/")
    .every((part) => part !== "" && part !== "." && part !== ".." && !/[\0\\]/.test(part));
}
