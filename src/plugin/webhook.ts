import type { ZodType } from "zod";
import { Plugin } from "./plugin.ts";

/** A status transition as it is announced. The body that receivers see. */
export interface WebhookEvent {
  /** uid/run/transition: the same for every attempt to deliver the same transition. */
  readonly id: string;
  /** Such as `netjob.succeeded`. */
  readonly type: string;
  /** RFC 3339, when the transition happened. */
  readonly time: string;
  readonly job: {
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
    readonly run: number;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly reason: string;
  readonly message: string;
  /** Outcome per device, as in the NetJob's status. */
  readonly devices: readonly unknown[];
  /** Counters as in the NetJob's status. */
  readonly summary: Readonly<Record<string, number>>;
  /** With the transition `Log`: a piece of what a detached program has written. Pieces may come twice: `offset` tells. */
  readonly log?: {
    readonly device: string;
    /** The program, as the device knows it. */
    readonly id: string;
    /** Byte of the log at which the piece begins. */
    readonly offset: number;
    readonly text: string;
  };
}

export interface WebhookDelivery {
  readonly event: WebhookEvent;
  /** First 1. */
  readonly attempt: number;
  /** The webhook's settings, checked by `settingsSchema`. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The keys of the webhook's Secret, where it names one. */
  readonly secret?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/**
 * A webhook plugin announces a transition to the outside. It makes one attempt; when to try again is the operator's
 * business (`maxRetries` and `retryIntervals` of the webhook).
 *
 * @example
 * export class SyslogWebhook extends BaseWebHookCaller {
 *   static readonly webhookName = "syslog";
 *   readonly settingsSchema = z.strictObject({ host: z.string() });
 *   async call({ event, settings }: WebhookDelivery) { … }
 * }
 */
export abstract class BaseWebHookCaller<Config = unknown> extends Plugin<Config> {
  static readonly webhookName: string;

  /** Checks the part of a webhook's declaration that belongs to this plugin. */
  abstract readonly settingsSchema: ZodType<Record<string, unknown>>;

  /** Delivers or throws. The message of what it throws is shown in the NetJob's status: no secret in it. */
  abstract call(delivery: WebhookDelivery): Promise<void>;
}
