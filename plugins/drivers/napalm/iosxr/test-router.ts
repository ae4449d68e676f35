import { parseXml, type XmlElement } from "../../../../src/device/xml/index.ts";
import { CommandRefused, runGetter } from "../getter.ts";
import { modelOf } from "../models.ts";
import { iosxrGetters } from "./getters.ts";
import { checkedResponse } from "./response.ts";

/**
 * Responses by request, without the elements around: `Get/Operational/ARP` down to where a request has more than one child or a text,
 * which follows (`CLI/Exec show lldp neighbors`). A text is what stands within `<Response>`; null is a refusal.
 */
export type Responses = Readonly<Record<string, string | null | ((request: XmlElement) => string)>>;

/** A getter's model over a table of responses, checked against NAPALM's. */
export async function get(
  getter: string,
  responses: Responses,
  args: Readonly<Record<string, unknown>> = {},
): Promise<unknown> {
  const run = iosxrGetters[getter];
  if (!run) throw new Error(`there is no ${getter}`);
  const result = await runGetter(run, { args, now: 0 }, async (request) => answered(request, responses));
  modelOf(getter)?.parse(result);
  return result;
}

function answered(request: XmlElement, responses: Responses): XmlElement {
  const name = nameOf(request);
  const response = responses[name];
  if (response === undefined) throw new Error(`the test has no response to ${name}`);
  if (response === null) throw new CommandRefused("'XMLMDA' detected the 'warning' condition");
  const content = typeof response === "string" ? response : response(request);
  return checkedResponse(parseXml(`<Response>${content}</Response>`));
}

function nameOf(request: XmlElement): string {
  const [child, ...others] = request.children;
  if (child && others.length === 0) return `${request.name}/${nameOf(child)}`;
  return request.text === "" ? request.name : `${request.name} ${request.text}`;
}
