import type { DevicePool, NetJob, PoolWebhook, WebhookDeliveryStatus } from "../../api/index.ts";

/** A webhook as it is to be called: the pool's declaration, or the job's own. */
export interface Subscription {
  readonly name: string;
  readonly plugin: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly secretName?: string | undefined;
  readonly events: readonly string[];
  readonly maxRetries: number;
  /** Seconds between attempts; the last repeats. */
  readonly retryIntervals: readonly number[];
}

const TERMINAL = ["Succeeded", "Failed"];
const DEFAULT_RETRIES = 3;
const DEFAULT_INTERVALS = [10, 30, 120];

/** The webhooks that a job asks for. Only a pool's webhook may have a Secret: an inline one could carry it anywhere. */
export function subscriptionsOf(job: NetJob, pool: DevicePool | undefined): Subscription[] {
  return (job.spec.webhooks ?? []).flatMap((wanted) => {
    if (wanted.url !== undefined) return [subscription(wanted.name, wanted, wanted.url)];
    const declared = pool?.spec.webhooks?.find(({ name }) => name === wanted.name);
    return declared ? [subscription(declared.name, declared, declared.url, declared.secretRef?.name)] : [];
  });
}

type Declared = Pick<PoolWebhook, "type" | "events" | "maxRetries" | "retryIntervals" | "settings">;
type Declaration = { readonly [K in keyof Declared]?: Declared[K] | undefined };

function subscription(name: string, declared: Declaration, url?: string, secretName?: string): Subscription {
  return {
    name,
    plugin: declared.type ?? "basic",
    settings: { ...declared.settings, ...(url !== undefined && { url }) },
    secretName,
    events: declared.events?.length ? declared.events : TERMINAL,
    maxRetries: declared.maxRetries ?? DEFAULT_RETRIES,
    retryIntervals: declared.retryIntervals?.length ? declared.retryIntervals : DEFAULT_INTERVALS,
  };
}

export function wants({ events }: Subscription, transition: string): boolean {
  return events.includes("*") || events.includes(transition);
}

/** Deliveries that the end of a run makes due; they stand in the final status, so that no restart can lose them. */
export function dueDeliveries(
  job: NetJob,
  pool: DevicePool | undefined,
  run: number,
  succeeded: boolean,
): WebhookDeliveryStatus[] {
  const transition = succeeded ? "Succeeded" : "Failed";
  return subscriptionsOf(job, pool)
    .filter((subscription) => wants(subscription, transition))
    .map(({ name }) => ({ name, event: eventId(job, run, transition), attempts: 0, state: "Pending" }));
}

/** The same for every attempt to deliver the same transition. */
export function eventId(job: NetJob, run: number, transition: string): string {
  return `${job.metadata.uid}/${run}/${transition}`;
}
