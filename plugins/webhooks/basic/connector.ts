import { type LookupAddress, type LookupAllOptions, lookup as systemLookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { webhookErrors } from "netpulse/plugin";
import { Agent, buildConnector } from "undici";
import type { NetworkPolicy } from "./networks.ts";

/** Name resolution, as `dns.lookup` with `all: true`. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * An HTTP client that connects only to addresses that the policy lets pass. It looks at the very address that the
 * connection goes to, so that a name which resolves differently the second time gains nothing.
 */
export function guardedAgent(policy: NetworkPolicy, resolve: Resolve = systemLookup): Agent {
  const connect = buildConnector({ lookup: guardedLookup(policy, resolve) });
  return new Agent({
    connect(options, callback) {
      // An address in place of a name is never looked up.
      const host = options.hostname.replace(/^\[|\]$/g, "");
      const refused = isIP(host) === 0 ? undefined : refusalOf(policy, host, host);
      if (refused) callback(refused, null);
      else connect(options, callback);
    },
  });
}

function guardedLookup(policy: NetworkPolicy, resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      const allowed = addresses.filter(({ address }) => !policy.refusal(address));
      const [first] = allowed;
      if (!first)
        return callback(refusalOf(policy, hostname, addresses[0]?.address ?? "") ?? noAddress(hostname), []);
      if (options.all) return callback(null, allowed);
      return callback(null, first.address, first.family);
    });
  };
}

function refusalOf(policy: NetworkPolicy, where: string, address: string): Error | undefined {
  const refused = policy.refusal(address);
  return (
    refused && webhookErrors.WebhookRefused({ where, address, network: refused.network, what: refused.what })
  );
}

function noAddress(hostname: string): Error {
  return webhookErrors.WebhookFailed({ where: hostname, why: "the name has no address" });
}
