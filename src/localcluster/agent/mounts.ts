import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import type { LocalPlaces } from "./environment.ts";

/** Shorter ones, such as /etc or /var, have meanings of their own. */
const SHORTEST_PARENT = 2;

/**
 * Lays out links to a container's volumes under `root`, in the folders that they would have in a container, so that a
 * program which is told the folder above several mounts finds all of them.
 *
 * @param mounts mount path to the volume's local folder
 */
export function layOutMounts(root: string, mounts: ReadonlyMap<string, string>): Omit<LocalPlaces, "ports"> {
  const parents = new Map<string, string>();
  rmSync(root, { recursive: true, force: true });
  for (const [path, target] of mounts) {
    if ([...mounts.keys()].some((other) => path.startsWith(`${other}/`))) continue; // it would lie in another volume
    mkdirSync(dirname(join(root, path)), { recursive: true });
    symlinkSync(target, join(root, path));
    for (let parent = dirname(path); segments(parent) >= SHORTEST_PARENT; parent = dirname(parent)) {
      parents.set(parent, join(root, parent));
    }
  }
  return { folders: mounts, parents };
}

const segments = (path: string) => path.split("/").filter(Boolean).length;
