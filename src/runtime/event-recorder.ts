import { isNotFound } from "./api-error.ts";
import { events, type KubernetesEvent } from "./builtin-resources.ts";
import type { ApiClient } from "./client.ts";
import { type Clock, systemClock, type TimerHandle } from "./clock.ts";
import { microTimestamp } from "./conditions.ts";
import { type CorrelatorLimits, EventCorrelator } from "./event-correlator.ts";
import { type Logger, silentLogger } from "./logger.ts";
import { LruMap } from "./lru-map.ts";
import { type KubernetesObject, keyOf } from "./objects.ts";

export interface EventRecorderOptions {
  client: ApiClient;
  /** Who reports, such as `example.com/widget-controller`. */
  controller: string;
  /** Which of them: the pod's name. */
  instance: string;
  clock?: Clock;
  log?: Logger;
  /** Uniform in [0, 1). */
  random?: () => number;
  limits?: Partial<CorrelatorLimits>;
  /** Events gather for this long before they are written, so that those of one series become one write. Default 250 ms. */
  batchMs?: number;
}

interface Series {
  /** As it was created; undefined before. */
  created?: KubernetesEvent;
  /** As it is to be created. */
  event: KubernetesEvent;
  count: number;
  lastAt: number;
  queued: boolean;
}

// The API's limits for a note and for `reason` and `action`.
const MAX_NOTE = 1024;
const MAX_WORD = 128;
// Events are for people: a program that says more than this while the API server is away is not worth the memory.
const MAX_QUEUED = 1000;

/**
 * Writes Events about objects, in the background. Equal events become one with a count; many similar ones are combined; an
 * object that says too much is muted for a while.
 */
export class EventRecorder {
  /** Events that were not written: muted, too many at once, or refused by the server. */
  dropped = 0;
  readonly #options: EventRecorderOptions;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #random: () => number;
  readonly #correlator: EventCorrelator;
  readonly #series: LruMap<string, Series>;
  readonly #queue: Series[] = [];
  #timer: TimerHandle | undefined;
  #writing: Promise<void> | undefined;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#log = options.log ?? silentLogger;
    this.#random = options.random ?? Math.random;
    this.#correlator = new EventCorrelator(this.#clock, options.limits);
    this.#series = new LruMap(options.limits?.remembered ?? 4096);
  }

  /**
   * Says something about an object. Returns at once and never throws.
   *
   * @param reason CamelCase, for machines; `message` is for people
   * @example
   * recorder.event(widget, "Warning", "MissingPart", "Part p-7 does not exist; create it or correct spec.part.", { action: "Assemble" });
   */
  event(
    object: KubernetesObject,
    type: "Normal" | "Warning",
    reason: string,
    message: string,
    options: { action?: string } = {},
  ): void {
    try {
      this.#record(
        object,
        type,
        reason.slice(0, MAX_WORD),
        message,
        (options.action ?? reason).slice(0, MAX_WORD),
      );
    } catch (error) {
      this.#drop({ err: error, reason }, "an event could not be recorded");
    }
  }

  /** Writes what has gathered; resolves when that is done. */
  async flush(): Promise<void> {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#writing || this.#queue.length > 0) {
      this.#writing ??= this.#writeAll().finally(() => {
        this.#writing = undefined;
      });
      await this.#writing;
    }
  }

  #record(
    object: KubernetesObject,
    type: "Normal" | "Warning",
    reason: string,
    message: string,
    action: string,
  ): void {
    const id = object.metadata.uid ?? `${object.kind}/${keyOf(object)}`;
    const outcome = this.#correlator.correlate({ object: id, type, reason, action, message });
    if (!outcome) {
      this.#drop({ object: keyOf(object), reason }, "an event was left out: this object has too many");
      return;
    }
    const now = this.#clock.now();
    const known = this.#series.get(outcome.series);
    const series = known ?? {
      event: this.#compose(object, type, reason, action, now),
      count: 0,
      lastAt: now,
      queued: false,
    };
    series.count++;
    series.lastAt = now;
    series.event.note = cut(outcome.message);
    if (!known) this.#series.set(outcome.series, series);
    if (series.queued) return;
    if (this.#queue.length >= MAX_QUEUED) {
      this.#drop({ object: keyOf(object), reason }, "an event was left out: too many wait to be written");
      return;
    }
    series.queued = true;
    this.#queue.push(series);
    this.#timer ??= this.#clock.setTimeout(() => void this.flush(), this.#options.batchMs ?? 250);
    this.#timer.unref?.();
  }

  #compose(
    object: KubernetesObject,
    type: "Normal" | "Warning",
    reason: string,
    action: string,
    now: number,
  ): KubernetesEvent {
    const { name = "", namespace, uid, resourceVersion } = object.metadata;
    const suffix = `${Math.floor(now).toString(16)}${Math.floor(this.#random() * 0x1000000)
      .toString(16)
      .padStart(6, "0")}`;
    const { apiVersion, kind } = object;
    const regarding = Object.fromEntries(
      Object.entries({ apiVersion, kind, name, namespace, uid, resourceVersion }).filter(
        ([, value]) => value !== undefined,
      ),
    );
    return {
      // An event about an object without a namespace lives in "default".
      metadata: { name: `${name.slice(0, 200)}.${suffix}`, namespace: namespace ?? "default" },
      eventTime: microTimestamp(now),
      reportingController: this.#options.controller,
      reportingInstance: this.#options.instance.slice(0, MAX_WORD),
      action,
      reason,
      regarding,
      note: "",
      type,
    };
  }

  async #writeAll(): Promise<void> {
    for (const series of this.#queue.splice(0)) {
      series.queued = false;
      try {
        await this.#write(series);
      } catch (error) {
        this.#drop({ err: error, reason: series.event.reason }, "an event could not be written");
      }
    }
  }

  async #write(series: Series): Promise<void> {
    const { client } = this.#options;
    const { event, created } = series;
    const count = { count: series.count, lastObservedTime: microTimestamp(series.lastAt) };
    if (created) {
      const { namespace, name = "" } = created.metadata;
      try {
        await client.mergePatch(events, namespace, name, { series: count, note: event.note });
        return;
      } catch (error) {
        if (!isNotFound(error)) throw error; // it ran out after its hour: begin anew
        event.metadata = { ...event.metadata, name: `${name}-${series.count}` };
      }
    }
    series.created = await client.create(
      events,
      series.count > 1 ? { ...event, series: count } : { ...event },
    );
  }

  #drop(fields: object, message: string): void {
    this.dropped++;
    this.#log.debug(fields, message);
  }
}

function cut(message: string): string {
  if (Buffer.byteLength(message) <= MAX_NOTE) return message;
  // A character takes at most four bytes, and the ellipsis three.
  let end = MAX_NOTE - 3;
  while (Buffer.byteLength(message.slice(0, end)) > MAX_NOTE - 3) end--;
  return `${message.slice(0, end)}…`;
}
