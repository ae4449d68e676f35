import { element, parseXml, type XmlElement } from "../../../../src/device/xml/index.ts";
import { CommandRefused } from "../getter.ts";

/**
 * What the XML agent answered to a request, without white space around the text of a command. Throws XmlSyntaxError for what is no
 * XML, and CommandRefused in the device's words where the response reports errors, is one of several parts, or a command was not
 * understood.
 */
export function responseOf(text: string): XmlElement {
  const response = checkedResponse(parseXml(text));
  if ("IteratorID" in response.attributes) throw new CommandRefused(IN_PARTS);
  const [where] = response.child("CLI")?.children ?? [];
  if (!where) return response;
  const printed = where.text.trim();
  if (printed.includes("% Invalid input detected")) throw new CommandRefused(printed);
  return element("Response", {}, [element("CLI", {}, [element(where.name, {}, printed)])]);
}

/** The response, unless it reports errors: those are thrown as CommandRefused, in the device's words where it says any. */
export function checkedResponse(response: XmlElement): XmlElement {
  const count = response.first("ResultSummary")?.attributes.ErrorCount ?? "0";
  if (Number(count) === 0) return response;
  const told = [response.child("CLI"), response.child("Commit"), response, ...response.all(".//*")];
  const message = told.map((one) => one?.attributes.ErrorMsg ?? "").find((one) => one !== "");
  throw new CommandRefused(message ?? `The XML agent reports errors (${count}).`);
}

const IN_PARTS =
  "The XML agent sends long replies in parts. Turn that off on the device with `xml agent tty iteration off`.";
