import { createHmac } from "node:crypto";
import { type WebhookDelivery, webhookErrors } from "netpulse/plugin";
import type { Settings, TextOrSecret } from "./settings.ts";

/** Everything that goes over the wire in one attempt. */
export interface WebhookRequest {
  readonly url: URL;
  readonly method: Settings["method"];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Builds the request. The body is the event as JSON, the same in every attempt; the signature covers `timestamp.body`.
 *
 * @param timestamp seconds since 1970, when this attempt is made
 * @throws WebhookSecretMissing the settings name a key that the Secret does not have
 */
export function buildRequest(
  { event, attempt, secret }: WebhookDelivery,
  settings: Settings,
  timestamp: number,
): WebhookRequest {
  const url = new URL(settings.url ?? secretText(secret, settings.urlKey ?? "", "the webhook").trim());
  const read = (text: TextOrSecret) =>
    typeof text === "string" ? text : secretText(secret, text.secretKey, url.origin);
  const body = JSON.stringify(event);
  const headers: Record<string, string> = {
    "content-type": "application/json",
    "user-agent": "netpulse-webhook",
    ...mapValues(lowerCaseKeys(settings.headers), read),
    "x-netpulse-event-id": event.id,
    "x-netpulse-attempt": String(attempt),
    "x-netpulse-timestamp": String(timestamp),
  };
  const cookie = Object.entries(settings.cookies).map(([name, value]) => `${name}=${read(value)}`);
  if (cookie.length > 0) headers.cookie = cookie.join("; ");
  if (settings.auth) headers.authorization = authorization(settings.auth, (key) => read({ secretKey: key }));
  if (secret?.signingKey) headers["x-netpulse-signature"] = signature(secret.signingKey, timestamp, body);
  return { url, method: settings.method, headers, body };
}

/**
 * The value of `X-NetPulse-Signature`, by which a receiver proves who sent the body and when.
 *
 * @example signature("key", 1700000000, "{}") === `sha256=${hex of HMAC-SHA256("key", "1700000000.{}")}`
 */
function signature(key: string, timestamp: number, body: string): string {
  return `sha256=${createHmac("sha256", key).update(`${timestamp}.${body}`).digest("hex")}`;
}

function authorization(auth: NonNullable<Settings["auth"]>, read: (key: string) => string): string {
  if ("bearer" in auth) return `Bearer ${read(auth.bearer.tokenKey)}`;
  const { usernameKey, passwordKey } = auth.basic;
  return `Basic ${Buffer.from(`${read(usernameKey)}:${read(passwordKey)}`).toString("base64")}`;
}

/** A value of the Secret. Editors and `echo` leave a line end behind, which no header could carry. */
function secretText(secret: WebhookDelivery["secret"], key: string, where: string): string {
  const value = secret && Object.hasOwn(secret, key) ? secret[key] : undefined;
  if (value === undefined)
    throw webhookErrors.WebhookSecretMissing({ where, key, hasSecret: secret !== undefined });
  return value.replace(/\r?\n$/, "");
}

function lowerCaseKeys<T>(map: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key.toLowerCase(), value]));
}

function mapValues<T>(
  map: Readonly<Record<string, T>>,
  change: (value: T) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
}
