import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

/** File path, relative to the folder, to content. */
export type FolderContent = ReadonlyMap<string, Buffer>;

const DATA = "..data";

/**
 * Brings a folder to the given content the way the kubelet does: the files lie in a folder of their own, `..data` is a
 * link to it that is swapped in one step, and what readers see are links through `..data`. So a reader never finds half
 * of the old content and half of the new. The first call creates the folder.
 */
export function writeAtomically(folder: string, content: FolderContent, version: string): void {
  mkdirSync(folder, { recursive: true });
  const next = `..${version}`;
  rmSync(join(folder, next), { recursive: true, force: true });
  mkdirSync(join(folder, next), { mode: 0o700 });
  for (const [path, data] of content) {
    mkdirSync(dirname(join(folder, next, path)), { recursive: true });
    writeFileSync(join(folder, next, path), data, { mode: 0o600 });
  }
  const previous = linkTarget(join(folder, DATA));
  rmSync(join(folder, "..data_tmp"), { force: true });
  symlinkSync(next, join(folder, "..data_tmp"));
  renameSync(join(folder, "..data_tmp"), join(folder, DATA));

  const visible = new Set([...content.keys()].map((path) => path.split("/")[0] ?? path));
  for (const name of visible) {
    if (linkTarget(join(folder, name)) === undefined) symlinkSync(join(DATA, name), join(folder, name));
  }
  for (const name of readdirSync(folder)) {
    if (!name.startsWith("..") && !visible.has(name)) rmSync(join(folder, name), { force: true });
  }
  if (previous !== undefined && previous !== next)
    rmSync(join(folder, previous), { recursive: true, force: true });
}

function linkTarget(path: string): string | undefined {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : undefined;
  } catch {
    return undefined;
  }
}
