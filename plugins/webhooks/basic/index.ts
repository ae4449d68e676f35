import { BaseWebHookCaller, NetPulseError, type WebhookDelivery, webhookErrors } from "netpulse/plugin";
import { type Agent, request } from "undici";
import { guardedAgent } from "./connector.ts";
import { configSchema, type NetworkConfig, NetworkPolicy } from "./networks.ts";
import { buildRequest, type WebhookRequest } from "./request.ts";
import { type Settings, settingsSchema } from "./settings.ts";

/** Enough of the answer to keep the connection for the next event; what is longer is not read. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** Sends each event as JSON over HTTP, signed if the webhook's Secret has a `signingKey`. Follows no redirect. */
export class BasicWebhook extends BaseWebHookCaller<NetworkConfig> {
  static override readonly webhookName = "basic";
  static readonly configSchema = configSchema;
  override readonly settingsSchema = settingsSchema;
  private readonly agent: Agent = guardedAgent(
    new NetworkPolicy(this.config, process.env.KUBERNETES_SERVICE_HOST),
  );

  override async call(delivery: WebhookDelivery): Promise<void> {
    const settings = settingsSchema.parse(delivery.settings);
    const timestamp = Math.floor(Date.now() / 1000);
    const prepared = buildRequest(delivery, settings, timestamp);
    const status = await this.send(prepared, settings, delivery);
    if (status >= 200 && status < 300) return;
    const why = status >= 300 && status < 400 ? "redirects are not followed" : "";
    throw webhookErrors.WebhookFailed({ where: prepared.url.origin, status, why });
  }

  private async send(
    { url, method, headers, body }: WebhookRequest,
    { timeoutSeconds }: Settings,
    { signal, secret = {} }: WebhookDelivery,
  ): Promise<number> {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutSeconds * 1000)]);
    try {
      const answer = await request(url, { method, headers, body, signal: limit, dispatcher: this.agent });
      // The status is the answer; a body that does not come to an end takes nothing from it.
      await answer.body.dump({ limit: MAX_ANSWER_BYTES, signal: limit }).catch(() => undefined);
      return answer.statusCode;
    } catch (error) {
      if (error instanceof NetPulseError) throw error;
      const late = limit.aborted && !signal.aborted;
      const why = late
        ? `no answer within ${timeoutSeconds} s`
        : withoutSecrets(messageOf(error), Object.values(secret));
      throw webhookErrors.WebhookFailed({ where: url.origin, why });
    }
  }
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join(", ");
  return error instanceof Error ? error.message : String(error);
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((value) => value.trim() !== "")
    .reduce((left, value) => left.replaceAll(value, "…"), text);
}
