import { z } from "zod";
import { CommandRefused } from "../../../../plugins/drivers/napalm/getter.ts";
import { iosxrGetters } from "../../../../plugins/drivers/napalm/iosxr/getters.ts";
import { canonical, element, parseXml, XmlElement } from "../../../device/xml/index.ts";
import type { GetterAdapter } from "./adapters.ts";

/** Requests are those to the XML agent; `command` is one within `<CLI><Exec>`. */
export const iosxr: GetterAdapter = {
  getters: iosxrGetters,
  matches: (request, recorded) => {
    const { rpc, command } = shape.parse(recorded);
    const asked = z.instanceof(XmlElement).parse(request);
    if (command !== undefined) return asked.name === "CLI" && asked.value("Exec") === command;
    return rpc !== undefined && bare(rpc) === bare(asked);
  },
  reply: (recorded, request) => {
    const { response, error } = shape.parse(recorded);
    if (error !== undefined) throw refusalOf(error);
    const asked = z.instanceof(XmlElement).parse(request);
    if (asked.name !== "CLI") return parseXml(response ?? "");
    // What recorded these took the whole reply to a command for its text.
    const [where] = asked.children;
    return element("Response", {}, [element("CLI", {}, [element(where?.name ?? "", {}, response ?? "")])]);
  },
};

const shape = z.looseObject({
  rpc: z.string().optional(),
  command: z.string().optional(),
  response: z.string().nullish(),
  error: z.unknown().optional(),
});

/** What the recording's device raised. */
export function refusalOf(error: unknown): CommandRefused {
  const told = z.looseObject({ message: z.string() }).safeParse(error);
  return new CommandRefused(told.success ? told.data.message : String(error));
}

/** Canonical, without white space around text. */
export function bare(xml: string | XmlElement): string {
  return canonical(xml).replace(/>\s+/g, ">").replace(/\s+</g, "<");
}
