import { ApiError, isGone, isResourceVersionTooLarge } from "./api-error.ts";
import { BackOff } from "./back-off.ts";
import type { ApiClient, ObjectList, WatchOptions } from "./client.ts";
import { type Clock, sleep, type TimerHandle } from "./clock.ts";
import type { Logger } from "./logger.ts";
import { compareResourceVersions, type KubernetesObject, type Resource } from "./objects.ts";
import type { WatchEvent } from "./watch-stream.ts";

/** Where a reflector puts what it learns. */
export interface ReflectorSink<T> {
  /** A list is about to be asked for. */
  listing(): void;
  /** All objects, as of `resourceVersion`. `authoritative`: read as the latest, not from a server's cache. */
  replace(items: T[], resourceVersion: string, authoritative: boolean): void;
  apply(event: WatchEvent & { object: T }): void;
}

export interface ReflectorOptions<T extends KubernetesObject> {
  client: ApiClient;
  resource: Resource<T>;
  namespace?: string | undefined;
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
  sink: ReflectorSink<T>;
  clock: Clock;
  random: () => number;
  log: Logger;
  timing?: Partial<ReflectorTiming> | undefined;
}

/** Times in milliseconds. */
export interface ReflectorTiming {
  /** A watch is asked to last between this and twice as long, so that watches do not end together. */
  watchMs: number;
  /** Past its time, a watch that is still open is given up after this. */
  graceMs: number;
  /** A watch without a byte for this long is given up. The server sends a bookmark about once a minute, so this is two and a half. */
  stallMs: number;
  /** The first and the longest delay after a failure. */
  backOffMs: number;
  maxBackOffMs: number;
  /** A watch that held this long was healthy: the next failure starts with the first delay again. */
  healthyMs: number;
  /** How often, at the end of a watch, everything is listed and compared: etcd itself has lost events. */
  relistMs: number;
}

const DEFAULT_TIMING: ReflectorTiming = {
  watchMs: 300_000,
  graceMs: 5_000,
  stallMs: 150_000,
  backOffMs: 200,
  maxBackOffMs: 30_000,
  healthyMs: 10_000,
  relistMs: 1_800_000,
};

const PAGE = 500;

/** What the reflector does next: list at a version ("0" cached, "" latest), or watch on from the last version. */
type Step = { list: string } | "watch";

/** Keeps a sink equal to the server's objects, whatever happens to the connection: list, then watch, for ever. */
export class Reflector<T extends KubernetesObject> {
  readonly #options: ReflectorOptions<T>;
  readonly #timing: ReflectorTiming;
  readonly #backOff: BackOff;
  #resourceVersion = "";
  #listedAt = 0;
  #heardSinceList = false;
  #progressAt = 0;

  constructor(options: ReflectorOptions<T>) {
    this.#options = options;
    this.#timing = { ...DEFAULT_TIMING, ...options.timing };
    const { backOffMs: initialMs, maxBackOffMs: maxMs } = this.#timing;
    this.#backOff = new BackOff({ initialMs, maxMs, random: options.random });
  }

  /** The version up to which the sink is current; "" before the first list. */
  get resourceVersion(): string {
    return this.#resourceVersion;
  }

  /** When the server last sent anything. */
  get progressAt(): number {
    return this.#progressAt;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, log, resource } = this.#options;
    let step: Step = { list: "0" };
    while (!signal.aborted) {
      try {
        step = step === "watch" ? await this.#watch(signal) : await this.#list(step.list, signal);
      } catch (error) {
        if (signal.aborted) return;
        const next = this.#afterFailure(step, error);
        const delayMs = next.atOnce ? 0 : this.#backOff.next();
        const what = step === "watch" ? "watch" : "list";
        log.info(
          { resource: resource.plural, what, delayMs, error: `${error}` },
          "the connection to the API server failed and is made again",
        );
        step = next.step;
        if (delayMs > 0) await sleep(clock, delayMs, signal);
      }
    }
  }

  /**
   * The ladder after a failure. A watch whose version is gone: list, not older than what is known, so that no time is
   * undone; at once, unless the watch never got going since the last list. A list whose version is gone or not yet there:
   * list the latest. Anything else: the same again.
   */
  #afterFailure(step: Step, error: unknown): { step: Step; atOnce: boolean } {
    if (step !== "watch") {
      const unavailable = isGone(error) || isResourceVersionTooLarge(error);
      return unavailable ? { step: { list: "" }, atOnce: step.list !== "" } : { step, atOnce: false };
    }
    const relist = { list: this.#resourceVersion };
    if (error instanceof VersionWentBack) return { step: relist, atOnce: false };
    return isGone(error) ? { step: relist, atOnce: this.#heardSinceList } : { step, atOnce: false };
  }

  /** Within a watch versions only grow. If not, events came out of order, or etcd was restored: only a list can tell. */
  #checkOrder({ metadata }: KubernetesObject): void {
    const order = compareResourceVersions(metadata.resourceVersion, this.#resourceVersion);
    if (order !== undefined && order < 0)
      throw new VersionWentBack(metadata.resourceVersion, this.#resourceVersion);
  }

  async #list(resourceVersion: string, signal: AbortSignal): Promise<Step> {
    const { client, resource, namespace, labelSelector, fieldSelector, sink, clock } = this.#options;
    sink.listing();
    const options = { namespace, labelSelector, fieldSelector, resourceVersion, signal };
    const items: T[] = [];
    // The server's cache answers in one piece whatever the limit; only a read of the latest is worth paging.
    let page: ObjectList<T> = await client.list(
      resource,
      resourceVersion === "" ? { ...options, limit: PAGE } : options,
    );
    for (;;) {
      for (const item of page.items ?? []) items.push(item);
      const { continue: token } = page.metadata;
      if (!token) break;
      page = await client.list(resource, {
        namespace,
        labelSelector,
        fieldSelector,
        signal,
        limit: PAGE,
        continue: token,
      });
    }
    const version = page.metadata.resourceVersion ?? "";
    sink.replace(items, version, resourceVersion === "");
    this.#resourceVersion = version;
    this.#listedAt = clock.now();
    this.#heardSinceList = false;
    this.#progressAt = clock.now();
    return "watch";
  }

  async #watch(signal: AbortSignal): Promise<Step> {
    const { client, resource, namespace, labelSelector, fieldSelector, sink, clock, random } = this.#options;
    const { watchMs, graceMs, relistMs, healthyMs } = this.#timing;
    const timeoutSeconds = Math.ceil((watchMs * (1 + random())) / 1000);
    const options: WatchOptions = {
      namespace,
      labelSelector,
      fieldSelector,
      resourceVersion: this.#resourceVersion,
    };
    const startedAt = clock.now();
    const watchdog = new Watchdog(clock, this.#timing.stallMs, timeoutSeconds * 1000 + graceMs);
    let heard = 0;
    try {
      const stream = await client.openWatch(resource, {
        ...options,
        timeoutSeconds,
        allowWatchBookmarks: true,
        signal: AbortSignal.any([signal, watchdog.signal]),
      });
      for await (const event of stream) {
        heard++;
        this.#heardSinceList = true;
        watchdog.reset();
        this.#checkOrder(event.object);
        this.#progressAt = clock.now();
        if (event.type !== "BOOKMARK") sink.apply(event);
        this.#resourceVersion = event.object.metadata.resourceVersion ?? this.#resourceVersion;
      }
    } catch (error) {
      // A watch that was cut after it worked is no reason to wait long; one that stalled costs nothing but a new connection.
      if (clock.now() - startedAt >= healthyMs) this.#backOff.reset();
      throw error;
    } finally {
      watchdog.stop();
    }
    if (heard > 0 || clock.now() - startedAt >= healthyMs) this.#backOff.reset();
    // A server, or a proxy before it, that ends every watch at once is treated as failing.
    else
      throw new ApiError({
        status: 0,
        reason: "ConnectionFailed",
        message: "the watch ended at once, without an event",
      });
    return clock.now() - this.#listedAt >= relistMs ? { list: this.#resourceVersion } : "watch";
  }
}

class VersionWentBack extends Error {
  constructor(version: string | undefined, known: string) {
    super(`the watch told of version ${version} after ${known}`);
  }
}

/** Gives up on a watch that is silent for too long, or that outlives its time: its socket may be half open. */
class Watchdog {
  readonly #controller = new AbortController();
  readonly #clock: Clock;
  readonly #stallMs: number;
  readonly #end: TimerHandle;
  #heardAt: number;
  #stall: TimerHandle;

  constructor(clock: Clock, stallMs: number, lifeMs: number) {
    this.#clock = clock;
    this.#stallMs = stallMs;
    this.#heardAt = clock.now();
    this.#end = clock.setTimeout(() => this.#giveUp(`open ${lifeMs} ms, past its time`), lifeMs);
    this.#stall = clock.setTimeout(() => this.#check(), stallMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  reset(): void {
    this.#heardAt = this.#clock.now();
  }

  stop(): void {
    this.#clock.clearTimeout(this.#end);
    this.#clock.clearTimeout(this.#stall);
  }

  /** One timer that looks again, instead of a timer set anew for each event. */
  #check(): void {
    const remainingMs = this.#heardAt + this.#stallMs - this.#clock.now();
    if (remainingMs <= 0) this.#giveUp(`silent for ${this.#stallMs} ms`);
    else this.#stall = this.#clock.setTimeout(() => this.#check(), Math.min(remainingMs, this.#stallMs));
  }

  #giveUp(why: string): void {
    this.#controller.abort(new ApiError({ status: 0, reason: "Timeout", message: `the watch was ${why}` }));
  }
}
