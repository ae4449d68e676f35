import { watch } from "node:fs";
import { basename, dirname } from "node:path";

/**
 * Calls `onChange` after any of these files changed, until the signal aborts; calls never overlap. Folders are watched, not
 * files: editors replace a file by another one.
 */
export async function watchFiles(
  paths: readonly string[],
  onChange: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  let changed = false;
  let wake: () => void = () => {};
  const notice = () => {
    changed = true;
    wake();
  };
  const watchers = [...new Set(paths.map((path) => dirname(path)))].map((folder) =>
    watch(folder, { signal }, (_, name) => {
      if (name === null || paths.some((path) => dirname(path) === folder && basename(path) === name))
        notice();
    }),
  );
  signal.addEventListener("abort", notice, { once: true });
  while (!signal.aborted) {
    if (!changed) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    if (signal.aborted) break;
    changed = false;
    await onChange();
  }
  for (const watcher of watchers) watcher.close();
}
