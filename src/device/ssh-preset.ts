import { NetPulseError } from "../errors/define.ts";
import type { AlgorithmPreset } from "./ssh-algorithms.ts";

const ORDER: readonly AlgorithmPreset[] = ["modern", "compatible", "legacy"];

/** Which algorithms each host has needed so far. One per process. */
export class PresetMemory {
  private readonly needed = new Map<string, AlgorithmPreset>();

  /**
   * Connects with the newest algorithms; older ones, up to `oldest`, are tried only after the device has said that nothing matches.
   * `olderUsed` is told when that was needed, once per host.
   */
  async connect<T>(
    host: string,
    oldest: AlgorithmPreset,
    attempt: (preset: AlgorithmPreset) => Promise<T>,
    olderUsed: (preset: AlgorithmPreset) => void,
  ): Promise<T> {
    const start = this.needed.get(host) ?? "modern";
    const allowed = ORDER.slice(ORDER.indexOf(start), ORDER.indexOf(oldest) + 1);
    const tries = allowed.length > 0 ? allowed : [oldest];
    for (const [at, preset] of tries.entries()) {
      try {
        const result = await attempt(preset);
        if (preset !== start) {
          this.needed.set(host, preset);
          olderUsed(preset);
        }
        return result;
      } catch (error) {
        const mismatch = error instanceof NetPulseError && error.code === "NoCommonAlgorithm";
        if (!mismatch || at === tries.length - 1) throw error;
      }
    }
    throw new Error("unreachable: the last attempt returns or throws");
  }
}
