import type { ExecChannel } from "../../../src/device/exec-channel.ts";

// A worker gives a driver 5 s after an abort: both graces together stay below it.
const TERM_GRACE_MS = 2000;
const KILL_GRACE_MS = 1000;

/**
 * Ends a program with its process group: TERM, then KILL, then its channel. `mayWrite` throws when this worker may no longer write to
 * the device: then only the channel is closed.
 */
export async function endProgram(
  channel: ExecChannel,
  mayWrite: () => void,
  send: (signal: "TERM" | "KILL") => void,
): Promise<void> {
  try {
    for (const [signal, graceMs] of [
      ["TERM", TERM_GRACE_MS],
      ["KILL", KILL_GRACE_MS],
    ] as const) {
      mayWrite();
      send(signal);
      if (await endsWithin(channel, graceMs)) return;
    }
  } catch {
    // Fenced: nothing more is sent.
  }
  channel.close();
}

/** Sends a signal to the process group of a process, as a shell command. */
export function signalCommand(pid: number, signal: string): string {
  // The group is the third field after the name, which stands in parentheses and may have anything in it.
  return `read -r s < /proc/${pid}/stat; set -- \${s##*) }; kill -${signal} "-$3"`;
}

function endsWithin(channel: ExecChannel, limitMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), limitMs);
    void channel.exit.then(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
