import { defineErrors } from "./define.ts";

/** Failures to deliver a webhook. None of them changes a job's outcome; `where` is scheme and host only, for paths hold secrets. */
export const webhookErrors = defineErrors({
  WebhookFailed: {
    retry: "newSession",
    when: "The receiver could not be reached, did not answer in time, or did not answer with a status of 2xx.",
    remedy:
      "Look at the receiver; the delivery is tried again as maxRetries and retryIntervals of the webhook say.",
    message: (e: { where: string; status?: number; why: string }) =>
      `${e.where} ${e.status === undefined ? `was not told: ${e.why}` : `answered ${e.status}${e.why && `: ${e.why}`}`}.`,
  },
  WebhookRefused: {
    retry: "never",
    when: "The webhook's host is an address that webhooks may not reach; nothing was sent.",
    remedy:
      "Use another receiver, or open its network with plugins.webhooks.basic.allowedNetworks in config.yaml.",
    message: (e: { where: string; address: string; network: string; what: string }) =>
      `${e.where} was not called: its address ${e.address} is in ${e.network} (${e.what}), which webhooks may not reach. ` +
      `plugins.webhooks.basic.allowedNetworks in config.yaml can open it.`,
  },
  WebhookSecretMissing: {
    retry: "never",
    when: "The webhook's settings name a key that its Secret does not have, or there is no Secret.",
    remedy:
      "Add the key to the Secret that secretRef of the pool's webhook names. Inline webhooks of a job have no Secret.",
    message: (e: { where: string; key: string; hasSecret: boolean }) =>
      e.hasSecret
        ? `${e.where} was not called: the webhook's Secret has no key ${e.key}.`
        : `${e.where} was not called: its settings need key ${e.key} of a Secret, and the webhook has none.`,
  },
});
