import { type Condition, type NetJob, netJobs, type WebhookDeliveryStatus } from "../../api/index.ts";
import type { PluginRegistry, WebhookEvent } from "../../plugin/index.ts";
import {
  type ApiClient,
  type Clock,
  isConflict,
  isNotFound,
  keyOf,
  type Logger,
  type ObjectKey,
  type Result,
  secrets,
  setCondition,
} from "../../runtime/index.ts";
import type { Caches } from "../caches.ts";
import { eventId, type Subscription, subscriptionsOf, wants } from "./subscription.ts";

/** One attempt ends after this long whatever the plugin does. */
const ATTEMPT_MS = 60_000;

export interface WebhookDeliveriesOptions {
  readonly client: ApiClient;
  readonly caches: Caches;
  readonly plugins: PluginRegistry;
  readonly clock: Clock;
  readonly log: Logger;
}

interface Announcement {
  readonly job: NetJob;
  readonly transition: string;
  readonly reason: string;
  readonly log?: NonNullable<WebhookEvent["log"]>;
}

/**
 * Delivers transitions of jobs, in order per job. Terminal ones are due as long as the job's status says so, also after a
 * restart; the others are tried once while this operator lives. A failed delivery never changes a job's outcome.
 */
export class WebhookDeliveries {
  readonly #options: WebhookDeliveriesOptions;
  readonly #announcements = new Map<ObjectKey, Announcement[]>();

  constructor(options: WebhookDeliveriesOptions) {
    this.#options = options;
  }

  /** A run moved on without ending. */
  announce(job: NetJob, reason: string): boolean {
    if (!job.spec.webhooks?.length) return false;
    const key = keyOf(job);
    const waiting = this.#announcements.get(key) ?? [];
    if (waiting.at(-1)?.reason === reason) return false;
    waiting.push({ job, transition: reason, reason });
    this.#announcements.set(key, waiting);
    return true;
  }

  /** A detached program wrote something; pieces of one job are delivered in the order of these calls. */
  announceLog(job: NetJob, log: NonNullable<WebhookEvent["log"]>): boolean {
    if (!this.#subscriptions(job).some((subscription) => wants(subscription, "Log"))) return false;
    const key = keyOf(job);
    const waiting = this.#announcements.get(key) ?? [];
    waiting.push({ job, transition: "Log", reason: "Running", log });
    this.#announcements.set(key, waiting);
    return true;
  }

  /** Work queue entry: the next thing to deliver for one job. */
  async reconcile(key: ObjectKey): Promise<Result> {
    const waiting = this.#announcements.get(key);
    const next = waiting?.shift();
    if (next) {
      for (const subscription of this.#subscriptions(next.job))
        if (wants(subscription, next.transition))
          await this.#attempt(subscription, next, 1).catch(() => undefined);
      return { requeueAfterMs: 1 };
    }
    this.#announcements.delete(key);
    const job = this.#options.caches.jobs.get(key);
    if (!job?.status?.completionTime) return {};
    return this.#deliverEnd(job);
  }

  async #deliverEnd(job: NetJob): Promise<Result> {
    const { clock } = this.#options;
    const pending = (job.status?.webhooks ?? []).filter(({ state }) => state === "Pending");
    if (pending.length === 0) return {};
    const subscriptions = new Map(
      this.#subscriptions(job).map((subscription) => [subscription.name, subscription]),
    );
    const now = clock.now();
    const outcomes = await Promise.all(
      pending.map((delivery) => this.#try(job, delivery, subscriptions.get(delivery.name), now)),
    );
    await this.#record(
      job,
      outcomes.map(({ delivery }) => delivery),
    );
    const next = Math.min(...outcomes.map(({ retryAt }) => retryAt ?? Number.POSITIVE_INFINITY));
    return Number.isFinite(next) ? { requeueAfterMs: Math.max(1, next - clock.now()) } : {};
  }

  async #try(
    job: NetJob,
    delivery: WebhookDeliveryStatus,
    subscription: Subscription | undefined,
    now: number,
  ): Promise<{ delivery: WebhookDeliveryStatus; retryAt?: number }> {
    if (!subscription)
      return { delivery: { ...delivery, state: "Failed", message: "the webhook is no longer declared" } };
    const dueAt = nextAttemptAt(delivery, subscription);
    if (dueAt > now) return { delivery, retryAt: dueAt };

    const attempts = delivery.attempts + 1;
    const tried = { ...delivery, attempts, lastAttemptTime: new Date(now).toISOString() };
    const transition = delivery.event.split("/")[2] ?? "";
    try {
      await this.#attempt(subscription, { job, transition, reason: reasonOf(job) }, attempts);
      return { delivery: { ...tried, state: "Delivered", message: "" } };
    } catch (error) {
      const message = (error instanceof Error ? error.message : String(error)).slice(0, 1024);
      this.#options.log.warn(
        { job: keyOf(job), webhook: subscription.name, attempts, reason: message },
        "Webhook was not delivered",
      );
      if (attempts > subscription.maxRetries) return { delivery: { ...tried, state: "Failed", message } };
      const failed = { ...tried, message };
      return { delivery: failed, retryAt: nextAttemptAt(failed, subscription) };
    }
  }

  async #attempt(subscription: Subscription, announcement: Announcement, attempt: number): Promise<void> {
    const { plugins, clock } = this.#options;
    const plugin = await plugins.webhook(subscription.plugin);
    const settings = plugin.settingsSchema.parse(subscription.settings);
    const secret = await this.#secret(announcement.job, subscription);
    await plugin.call({
      event: eventOf(announcement, clock.now()),
      attempt,
      settings,
      ...(secret && { secret }),
      signal: AbortSignal.timeout(ATTEMPT_MS),
    });
  }

  async #secret(job: NetJob, { secretName }: Subscription): Promise<Record<string, string> | undefined> {
    if (secretName === undefined) return undefined;
    const secret = await this.#options.client.get(secrets, job.metadata.namespace, secretName);
    return Object.fromEntries(
      Object.entries(secret.data ?? {}).map(([key, value]) => [
        key,
        Buffer.from(value, "base64").toString("utf8"),
      ]),
    );
  }

  #subscriptions(job: NetJob): Subscription[] {
    return subscriptionsOf(
      job,
      this.#options.caches.pools.get(`${job.metadata.namespace}/${job.spec.poolRef.name}`),
    );
  }

  /** Writes the attempts into the job's status; nothing else in it is this writer's. */
  async #record(job: NetJob, deliveries: readonly WebhookDeliveryStatus[]): Promise<void> {
    const { client, caches, clock } = this.#options;
    const byEvent = new Map(deliveries.map((delivery) => [`${delivery.name} ${delivery.event}`, delivery]));
    let current = job;
    for (;;) {
      const webhooks = (current.status?.webhooks ?? []).map(
        (known) => byEvent.get(`${known.name} ${known.event}`) ?? known,
      );
      if (JSON.stringify(webhooks) === JSON.stringify(current.status?.webhooks)) return;
      const conditions = deliveredCondition(current, webhooks, clock.now());
      const status = {
        ...current.status,
        observedGeneration: current.status?.observedGeneration ?? -1,
        webhooks,
        conditions,
      };
      try {
        caches.jobs.upsert(await client.replaceStatus<NetJob>(netJobs, { ...current, status }));
        return;
      } catch (error) {
        if (isNotFound(error)) return;
        if (!isConflict(error)) throw error;
        current = await client.get(netJobs, job.metadata.namespace, job.metadata.name);
      }
    }
  }
}

function deliveredCondition(
  job: NetJob,
  webhooks: readonly WebhookDeliveryStatus[],
  now: number,
): Condition[] {
  const conditions = [...(job.status?.conditions ?? [])];
  if (webhooks.some(({ state }) => state === "Pending")) return conditions;
  const failed = webhooks.filter(({ state }) => state === "Failed");
  return setCondition(
    conditions,
    {
      type: "WebhooksDelivered",
      status: failed.length === 0 ? "True" : "False",
      reason: failed.length === 0 ? "Delivered" : "DeliveryFailed",
      message: failed.map(({ name, message }) => `${name}: ${message ?? ""}`).join("; "),
      observedGeneration: job.metadata.generation,
    },
    now,
  );
}

function nextAttemptAt(
  { attempts, lastAttemptTime }: WebhookDeliveryStatus,
  { retryIntervals }: Subscription,
): number {
  if (attempts === 0 || !lastAttemptTime) return 0;
  const seconds = retryIntervals[Math.min(attempts, retryIntervals.length) - 1] ?? 0;
  return Date.parse(lastAttemptTime) + seconds * 1000;
}

function reasonOf(job: NetJob): string {
  return job.status?.conditions?.find(({ type }) => type === "Succeeded")?.reason ?? "Unknown";
}

function eventOf({ job, transition, reason, log }: Announcement, now: number): WebhookEvent {
  const { namespace, name, uid, labels = {} } = job.metadata;
  const run = job.status?.run ?? 1;
  return {
    id: eventId(job, run, log ? `${transition}/${log.device}/${log.offset}` : transition),
    type: `netjob.${transition.toLowerCase()}`,
    time: job.status?.completionTime ?? new Date(now).toISOString(),
    job: { namespace, name, uid, run, labels },
    reason,
    message: job.status?.conditions?.find(({ type }) => type === "Succeeded")?.message ?? "",
    devices: job.status?.results ?? [],
    summary: { ...job.status?.summary },
    ...(log && { log }),
  };
}
