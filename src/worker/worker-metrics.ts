import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { DeviceResult } from "../api/index.ts";

// From a command on a warm session to a long change.
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** What a worker does on devices, in numbers. Devices are not labels: there may be thousands. */
export class WorkerMetrics {
  readonly #operations: Counter<"driver" | "state" | "reason">;
  readonly #seconds: Histogram<"driver">;
  readonly #logins: Counter<"driver" | "reused">;
  readonly #sessions: Gauge;
  readonly #transferred: Counter<"driver" | "direction">;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#operations = new Counter({
      name: "netpulse_device_operations_total",
      help: "Devices worked on, by outcome; the reason is a code of the error catalogue.",
      labelNames: ["driver", "state", "reason"],
      registers,
    });
    this.#seconds = new Histogram({
      name: "netpulse_device_operation_seconds",
      help: "Time from the beginning to the end of the work on one device.",
      labelNames: ["driver"],
      buckets: SECONDS,
      registers,
    });
    this.#logins = new Counter({
      name: "netpulse_sessions_used_total",
      help: "Sessions that work was done on, by whether they were reused.",
      labelNames: ["driver", "reused"],
      registers,
    });
    this.#transferred = new Counter({
      name: "netpulse_transferred_bytes_total",
      help: "Bytes of files that were carried to devices (put) and from them (get).",
      labelNames: ["driver", "direction"],
      registers,
    });
    this.#sessions = new Gauge({ name: "netpulse_sessions", help: "Live device sessions.", registers });
  }

  finished(
    driver: string,
    { state, reason = "", sessionReused, startTime, endTime, commands = [] }: DeviceResult,
  ): void {
    this.#operations.inc({ driver, state, reason });
    if (sessionReused !== undefined) this.#logins.inc({ driver, reused: String(sessionReused) });
    for (const { transfer } of commands)
      if (transfer?.bytes !== undefined && transfer.skipped === undefined)
        this.#transferred.inc({ driver, direction: transfer.direction }, transfer.bytes);
    if (startTime && endTime)
      this.#seconds.observe({ driver }, (Date.parse(endTime) - Date.parse(startTime)) / 1000);
  }

  sessions(count: number): void {
    this.#sessions.set(count);
  }
}
