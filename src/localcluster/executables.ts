import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The first executable of that name in a PATH-like list of folders. */
export function onPath(name: string, folders = process.env.PATH): string | undefined {
  return (folders ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
