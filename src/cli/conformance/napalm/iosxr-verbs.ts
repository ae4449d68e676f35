import { z } from "zod";
import { checkedResponse } from "../../../../plugins/drivers/napalm/iosxr/response.ts";
import { type XrVerbRequest, XrVerbs } from "../../../../plugins/drivers/napalm/iosxr/verbs.ts";
import type { NetconfVerbRequest } from "../../../../plugins/drivers/napalm/iosxr_netconf/verbs.ts";
import { XrNetconfVerbs } from "../../../../plugins/drivers/napalm/iosxr_netconf/verbs.ts";
import { element, parseXml, writeXml } from "../../../device/xml/index.ts";
import { bare } from "./iosxr.ts";
import type { VerbAdapter } from "./verb-adapters.ts";

/** Exchanges are operations of the XML agent; a command that shows has its XML beside it. */
export const iosxrVerbs: VerbAdapter = {
  verbs: ({ optional_args }) =>
    new XrVerbs({ device: "device", lockedAlready: optional_args.config_lock === true, now: () => 0 }),
  matches: (request, recorded) => {
    const { xml, as_xml } = agent.parse(recorded);
    return (
      bare(`<Request>${as_xml ?? xml}</Request>`) === bare(element("Request", {}, request as XrVerbRequest))
    );
  },
  reply: (recorded) => {
    const { reply, reply_xml } = agent.parse(recorded);
    return checkedResponse(parseXml(reply_xml ?? reply));
  },
};

const agent = z.looseObject({
  xml: z.string().optional(),
  as_xml: z.string().optional(),
  reply: z.string(),
  reply_xml: z.string().optional(),
});

/** Exchanges are calls of ncclient. */
export const iosxrNetconfVerbs: VerbAdapter = {
  verbs: ({ optional_args }) =>
    new XrNetconfVerbs({
      device: "device",
      lockedAlready: optional_args.config_lock === true,
      encoding: optional_args.config_encoding === "xml" ? "xml" : "cli",
      now: () => 0,
    }),
  matches: (request, recorded) => {
    const call = ncclient.parse(recorded);
    const sent = request as NetconfVerbRequest;
    switch (sent.operation) {
      case "rpc":
        return call.op === "dispatch" && bare(call.args[0] ?? "") === bare(sent.rpc);
      case "get-config":
        return call.op === "get_config" && call.args[0] === sent.source;
      case "edit-config": {
        const config = writeXml(element("config", {}, sent.config));
        return (
          call.op === "edit_config" &&
          call.error_option === "rollback-on-error" &&
          bare(call.config) === bare(config)
        );
      }
      case "copy-config": {
        const source = writeXml(element("source", {}, [element("config", {}, sent.config)]));
        return call.op === "copy_config" && call.target === "candidate" && bare(call.source) === bare(source);
      }
      default:
        return call.op === sent.operation.replaceAll("-", "_");
    }
  },
  reply: (recorded) => {
    const reply = parseXml(ncclient.parse(recorded).reply);
    return reply.child("data") ?? reply;
  },
};

const ncclient = z.looseObject({
  op: z.string(),
  args: z.array(z.string()).default([]),
  config: z.string().default(""),
  error_option: z.string().optional(),
  source: z.string().default(""),
  target: z.string().optional(),
  reply: z.string(),
});
