import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";
import { NxapiCommandError } from "../../../device/nxapi/command-error.ts";
import { NxapiConnection } from "../../../device/nxapi/connection.ts";
import type { NxapiFormat } from "../../../device/nxapi/json-rpc-form.ts";
import { canonical } from "../../../device/xml/canonical.ts";
import type { XmlElement } from "../../../device/xml/element.ts";
import { parseXml } from "../../../device/xml/parse.ts";
import { NetPulseError } from "../../../errors/define.ts";
import { readJsonLines } from "../records.ts";
import { type ConformanceCase, compareUnordered } from "../suite.ts";

const FILE = "nxapi.jsonl";

const recordedCase = z.looseObject({
  name: z.string(),
  api_format: z.enum(["jsonrpc", "xml"]),
  response_body: z.string(),
  status: z.number(),
  returned: z.unknown().optional(),
  raised: z.string().optional(),
  message: z.string().optional(),
  requests: z.array(
    z.looseObject({
      headers: z.looseObject({ "content-type": z.string() }),
      auth: z.string(),
      body: z.string(),
    }),
  ),
});
type Recorded = z.output<typeof recordedCase>;
const record = z.looseObject({ data: z.array(recordedCase) });

/** NX-API in both of its forms: what goes over the wire, and what is made of the answers. */
export function* nxapiCases(folder: string): Generator<ConformanceCase> {
  for (const { data } of readJsonLines(folder, FILE, record))
    for (const one of data)
      yield {
        id: `nxapi ${one.api_format} ${one.name}`,
        file: FILE,
        run: async () => compareUnordered(expectedOf(one), await play(one)),
      };
}

function expectedOf(one: Recorded): unknown {
  const requests = one.requests.map(({ headers, auth, body }) => ({
    authentication: auth,
    type: headers["content-type"],
    body: bodyOf(one, body),
  }));
  if (one.raised === undefined) return { returned: withCanonicalXml(one, one.returned), requests };
  // Only the device's own refusal has a message that is the same in both.
  const [, command, answer = ""] =
    /^The command "(.*?)" gave the error "(.*)"\.$/s.exec(one.message ?? "") ?? [];
  const refusal = one.raised === "NXAPICommandError" && {
    command,
    answer: answer.replace(/<.*?>/g, "").trim(),
  };
  return { raised: refusal || (one.raised === "NXAPIAuthError" ? "AuthFailed" : "ReplyInvalid"), requests };
}

async function play(one: Recorded): Promise<unknown> {
  const requests: unknown[] = [];
  const server = createServer((message, response) => {
    void received(message).then((body) => {
      const { authorization, "content-type": type } = message.headers;
      const authentication = authorization?.split(" ")[0]?.toLowerCase();
      requests.push({ authentication, type, body: bodyOf(one, body) });
      response.writeHead(one.status).end(one.response_body);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const connection = new NxapiConnection({
    device: "recorded",
    protocol: "http",
    host: "127.0.0.1",
    port: (server.address() as AddressInfo).port,
    username: "admin",
    password: "pw",
    trust: { policy: "Insecure" },
  });
  try {
    return { ...(await outcomeOf(one, connection)), requests };
  } finally {
    await connection.close();
    server.close();
  }
}

async function outcomeOf(one: Recorded, connection: NxapiConnection): Promise<Record<string, unknown>> {
  const request = { signal: new AbortController().signal, beforeWrite: () => {}, timeoutMs: 5000 };
  const { commands, format } = askedIn(one);
  try {
    const results =
      one.api_format === "xml"
        ? await connection.executeXml(commands, format, request)
        : await connection.execute(commands, format, request);
    if (results.length === 1) return { returned: withCanonicalXml(one, results[0]) };
    const listed = results.map((result, index) =>
      one.api_format === "xml" ? result : { command: commands[index], result },
    );
    return { returned: withCanonicalXml(one, listed) };
  } catch (error) {
    if (error instanceof NxapiCommandError)
      return { raised: { command: error.command, answer: error.answer } };
    if (error instanceof NetPulseError) return { raised: error.code };
    throw error;
  }
}

const jsonCalls = z.array(z.looseObject({ method: z.string(), params: z.looseObject({ cmd: z.string() }) }));

/** What was asked for is in the recorded request. */
function askedIn({ api_format, requests }: Recorded): { commands: string[]; format: NxapiFormat } {
  const body = requests[0]?.body ?? "";
  if (api_format === "xml") {
    const request = parseXml(body);
    const format = FORMATS[request.value("type")] ?? "json";
    return { commands: request.value("input").split(" ;"), format };
  }
  const calls = jsonCalls.parse(JSON.parse(body));
  return {
    commands: calls.map(({ params }) => params.cmd),
    format: calls[0]?.method === "cli_ascii" ? "text" : "json",
  };
}

const FORMATS: Readonly<Record<string, NxapiFormat>> = {
  cli_show: "json",
  cli_show_ascii: "text",
  cli_conf: "config",
};

function bodyOf({ api_format }: Recorded, body: string): unknown {
  return api_format === "xml" ? canonical(body) : JSON.parse(body);
}

function withCanonicalXml({ api_format }: Recorded, value: unknown): unknown {
  if (api_format !== "xml") return value;
  if (Array.isArray(value)) return value.map((one) => canonical(elementOf(one)));
  return canonical(elementOf(value));
}

function elementOf(value: unknown): string | XmlElement {
  return typeof value === "string" ? value.trim() : (value as XmlElement);
}

async function received(message: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of message) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}
