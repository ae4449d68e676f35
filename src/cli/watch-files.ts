import { watch } from "node:fs";
import { basename, dirname } from "node:path";

/**
 * Calls `run` now and again after any of these files changed, until the signal aborts; calls never overlap, and no change
 * during a call is lost. Folders are watched, not files: editors replace a file by another one.
 */
export async function watchFiles(
  paths: readonly string[],
  run: (first: boolean) => Promise<void>,
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
  for (let first = true; !signal.aborted; first = false) {
    changed = false;
    await run(first);
    if (!changed && !signal.aborted) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
  for (const watcher of watchers) watcher.close();
}
