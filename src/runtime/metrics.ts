import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { ControllerMetrics } from "./controller.ts";
import type { RequestRecord } from "./transport.ts";
import type { QueueMetrics, WorkQueue } from "./work-queue.ts";

// controller-runtime's buckets, so that dashboards made for it show the same curves.
const RECONCILE_BUCKETS = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1,
].concat([1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60]);
const QUEUE_BUCKETS = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100, 1000];

/**
 * The runtime's metrics under the names that controller-runtime uses, in a registry to which the program adds its own.
 *
 * @example
 * const metrics = new Metrics();
 * const client = await ApiClient.connect({ onRequest: metrics.request });
 * const controller = new Controller({ name: "widget", reconcile, metrics: metrics.controller("widget") });
 */
export class Metrics {
  readonly registry: Registry;
  readonly #queues = new Map<string, WorkQueue<string>>();
  readonly #reconciles: Counter<"controller" | "result">;
  readonly #errors: Counter<"controller">;
  readonly #panics: Counter<"controller">;
  readonly #timeouts: Counter<"controller">;
  readonly #seconds: Histogram<"controller">;
  readonly #active: Gauge<"controller">;
  readonly #concurrency: Gauge<"controller">;
  readonly #depth: Gauge<"name" | "controller">;
  readonly #adds: Counter<"name" | "controller">;
  readonly #retries: Counter<"name" | "controller">;
  readonly #queueSeconds: Histogram<"name" | "controller">;
  readonly #workSeconds: Histogram<"name" | "controller">;
  readonly #requests: Counter<"code" | "method" | "host">;
  readonly #leading: Gauge<"name">;

  constructor(options: { registry?: Registry; processMetrics?: boolean } = {}) {
    const { registry = new Registry(), processMetrics = false } = options;
    this.registry = registry;
    if (processMetrics) collectDefaultMetrics({ register: registry });
    const registers = [registry];
    const controller = ["controller"] as const;
    const queue = ["name", "controller"] as const;
    const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
      new Counter({ name, help, labelNames: [...labelNames], registers });
    const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
      new Gauge({ name, help, labelNames: [...labelNames], registers });
    const histogram = <L extends string>(
      name: string,
      help: string,
      labelNames: readonly L[],
      buckets: number[],
    ) => new Histogram({ name, help, labelNames: [...labelNames], buckets, registers });

    this.#reconciles = counter("controller_runtime_reconcile_total", "Reconciles by result", [
      "controller",
      "result",
    ]);
    this.#errors = counter("controller_runtime_reconcile_errors_total", "Reconciles that failed", controller);
    this.#panics = counter(
      "controller_runtime_reconcile_panics_total",
      "Reconciles that failed by a programming error",
      controller,
    );
    this.#timeouts = counter(
      "controller_runtime_reconcile_timeouts_total",
      "Reconciles that took too long",
      controller,
    );
    this.#seconds = histogram(
      "controller_runtime_reconcile_time_seconds",
      "Time per reconcile",
      controller,
      RECONCILE_BUCKETS,
    );
    this.#active = gauge("controller_runtime_active_workers", "Reconciles under way", controller);
    this.#concurrency = gauge(
      "controller_runtime_max_concurrent_reconciles",
      "Reconciles that may run at once",
      controller,
    );
    this.#depth = gauge("workqueue_depth", "Keys ready to be worked on", queue);
    this.#adds = counter("workqueue_adds_total", "Keys added", queue);
    this.#retries = counter("workqueue_retries_total", "Keys added again after a failure", queue);
    this.#queueSeconds = histogram(
      "workqueue_queue_duration_seconds",
      "Time from add to start of work",
      queue,
      QUEUE_BUCKETS,
    );
    this.#workSeconds = histogram(
      "workqueue_work_duration_seconds",
      "Time of the work on a key",
      queue,
      QUEUE_BUCKETS,
    );
    this.#requests = counter("rest_client_requests_total", "Requests to the API server", [
      "code",
      "method",
      "host",
    ]);
    this.#leading = gauge("leader_election_master_status", "1 while this process leads, else 0", ["name"]);
    this.#atScrape("workqueue_unfinished_work_seconds", "Seconds of work under way", (q) =>
      q.unfinishedWorkSeconds(),
    );
    this.#atScrape("workqueue_longest_running_processor_seconds", "The longest work under way", (q) =>
      q.longestRunningSeconds(),
    );
  }

  /** What a queue of this name reports to. */
  queue(name: string): QueueMetrics {
    const labels = { name, controller: name };
    // A child is bound to its labels once, so that the hot path builds no label objects.
    const depth = this.#depth.labels(labels);
    const adds = this.#adds.labels(labels);
    const retries = this.#retries.labels(labels);
    const waited = this.#queueSeconds.labels(labels);
    const worked = this.#workSeconds.labels(labels);
    return {
      depth: (length) => depth.set(length),
      added: () => adds.inc(),
      retried: () => retries.inc(),
      waited: (seconds) => waited.observe(seconds),
      worked: (seconds) => worked.observe(seconds),
    };
  }

  /** What a controller of this name and its queue report to. All series exist from the start, with 0. */
  controller(name: string): ControllerMetrics {
    const labels = { controller: name };
    const errors = this.#errors.labels(labels);
    const panics = this.#panics.labels(labels);
    const timeouts = this.#timeouts.labels(labels);
    const seconds = this.#seconds.labels(labels);
    const active = this.#active.labels(labels);
    const concurrency = this.#concurrency.labels(labels);
    const results = {
      success: this.#reconciles.labels({ ...labels, result: "success" }),
      error: this.#reconciles.labels({ ...labels, result: "error" }),
      requeue_after: this.#reconciles.labels({ ...labels, result: "requeue_after" }),
    };
    for (const child of [errors, panics, timeouts, ...Object.values(results)]) child.inc(0);
    return {
      queue: this.queue(name),
      observe: (queue) => void this.#queues.set(name, queue),
      concurrency: (count) => concurrency.set(count),
      active: (count) => active.set(count),
      timedOut: () => timeouts.inc(),
      panicked: () => panics.inc(),
      reconciled: (result, duration) => {
        results[result].inc();
        seconds.observe(duration);
        if (result === "error") errors.inc();
      },
    };
  }

  /** For the client's `onRequest`. */
  readonly request = ({ method, status, host }: RequestRecord): void => {
    this.#requests.inc({ method, code: status === 0 ? "<error>" : `${status}`, host });
  };

  /** Whether this process leads, for the lease of this name. */
  leading(name: string, leads: boolean): void {
    this.#leading.set({ name }, leads ? 1 : 0);
  }

  /** The metrics as Prometheus reads them. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  #atScrape(name: string, help: string, read: (queue: WorkQueue<string>) => number): void {
    const queues = this.#queues;
    new Gauge({
      name,
      help,
      labelNames: ["name", "controller"],
      registers: [this.registry],
      collect() {
        for (const [queue, source] of queues) this.set({ name: queue, controller: queue }, read(source));
      },
    });
  }
}
