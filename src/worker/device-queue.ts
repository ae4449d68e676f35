interface Entry {
  readonly priority: number;
  readonly start: () => void;
}

/** The one queue of a device: highest priority first, then first come; one entry runs at a time. */
export class DeviceQueue {
  readonly #waiting: Entry[] = [];
  #busy = false;

  get idle(): boolean {
    return !this.#busy && this.#waiting.length === 0;
  }

  /**
   * Runs `work` when its turn comes and gives what it gives. A failure does not hold up those behind it. An entry that still waits
   * when `leave` is aborted leaves the queue: its promise is rejected with the signal's reason, and `work` never runs.
   */
  run<T>(priority: number, work: () => Promise<T>, leave?: AbortSignal): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const onLeave = () => {
        this.#waiting.splice(this.#waiting.indexOf(entry), 1);
        reject(leave?.reason);
      };
      const start = async () => {
        leave?.removeEventListener("abort", onLeave);
        this.#busy = true;
        try {
          resolve(await work());
        } catch (error) {
          reject(error);
        }
        this.#next();
      };
      const entry: Entry = { priority, start: () => void start() };
      if (leave?.aborted) reject(leave.reason);
      else if (!this.#busy) entry.start();
      else {
        leave?.addEventListener("abort", onLeave, { once: true });
        this.#insert(entry);
      }
    });
  }

  #insert(entry: Entry): void {
    const behind = this.#waiting.findIndex(({ priority }) => priority < entry.priority);
    this.#waiting.splice(behind < 0 ? this.#waiting.length : behind, 0, entry);
  }

  #next(): void {
    this.#busy = false;
    this.#waiting.shift()?.start();
  }
}

/** Queues by device address; a queue exists while somebody uses it. */
export class DeviceQueues {
  readonly #queues = new Map<string, DeviceQueue>();

  async run<T>(address: string, priority: number, work: () => Promise<T>, leave?: AbortSignal): Promise<T> {
    const queue = this.#queues.get(address) ?? new DeviceQueue();
    this.#queues.set(address, queue);
    try {
      return await queue.run(priority, work, leave);
    } finally {
      if (queue.idle && this.#queues.get(address) === queue) this.#queues.delete(address);
    }
  }
}

/** The device behind an address, whatever name a pool gives it. */
export function addressOf({
  host,
  port,
}: {
  readonly host: string;
  readonly port?: number | undefined;
}): string {
  return `${host.toLowerCase()}:${port ?? 0}`;
}
