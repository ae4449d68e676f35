import type { Platform } from "./platform.ts";

/** The modes to pass through from one to another, without the first; undefined where there is no way. */
export function wayTo(platform: Pick<Platform, "modes">, from: string, to: string): string[] | undefined {
  const queue: string[][] = [[from]];
  const visited = new Set([from]);
  for (let way = queue.shift(); way; way = queue.shift()) {
    const here = way.at(-1) ?? from;
    if (here === to) return way.slice(1);
    for (const next of Object.keys(platform.modes[here]?.to ?? {})) {
      if (visited.has(next)) continue;
      visited.add(next);
      queue.push([...way, next]);
    }
  }
  return undefined;
}
