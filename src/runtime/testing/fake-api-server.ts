import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { KubernetesObject } from "../objects.ts";

export interface Widget extends KubernetesObject {
  spec?: { size?: number; text?: string };
  status?: Record<string, unknown>;
}

interface LoggedEvent {
  readonly version: number;
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly collection: string;
  readonly object: Widget;
}

interface OpenWatch {
  readonly collection: string;
  readonly response: ServerResponse;
  /** Not a byte reaches the client any more, and nobody is told: a half-open socket. */
  silent: boolean;
}

/** Answers a request in place of the server when it returns true. */
export type Intercept = (
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
) => boolean | Promise<boolean>;

export interface RecordedRequest {
  readonly method: string;
  readonly url: URL;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  readonly body: string;
}

/** An API server in memory, for any kind, with faults at will. It validates nothing. */
export class FakeApiServer {
  readonly requests: RecordedRequest[] = [];
  /** Asked one after another for each request. */
  readonly intercepts: Intercept[] = [];
  /** Sizes into which what watches are sent is cut; the whole at once when empty. */
  chunkSizes: number[] = [];
  /** Events of which watches are not told. */
  loseEvents = 0;
  /** Each watch event is sent this often. */
  copies = 1;
  /** Lists at "0" come from here: an API server that lags behind. */
  laggingSnapshot: { version: number; objects: Map<string, Widget> } | undefined;
  readonly objects = new Map<string, Widget>();
  readonly #events: LoggedEvent[] = [];
  readonly #watches = new Set<OpenWatch>();
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  #version = 100;
  #oldest = 100;
  #connections = 0;

  static async start(): Promise<FakeApiServer> {
    const server = new FakeApiServer();
    server.#server.on("connection", (socket) => {
      server.#connections++;
      server.#sockets.add(socket);
      socket.on("close", () => server.#sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get version(): number {
    return this.#version;
  }

  get openWatches(): number {
    return this.#watches.size;
  }

  /** TCP connections so far. */
  get connections(): number {
    return this.#connections;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Creates or changes an object as another client would. */
  put(collection: string, name: string, spec: Widget["spec"] = {}, namespace = "default"): Widget {
    const key = `${collection}/${name}`;
    const before = this.objects.get(key);
    const uid = before?.metadata.uid ?? `uid-${this.#version}`;
    return this.#store(collection, {
      apiVersion: "example.com/v1",
      kind: "Widget",
      metadata: { ...before?.metadata, name, namespace, uid },
      spec,
    });
  }

  remove(collection: string, name: string): Widget | undefined {
    const key = `${collection}/${name}`;
    const object = this.objects.get(key);
    if (!object) return undefined;
    this.objects.delete(key);
    const version = ++this.#version;
    const last = { ...object, metadata: { ...object.metadata, resourceVersion: `${version}` } };
    this.#tell({ version, type: "DELETED", collection, object: last });
    return last;
  }

  /** Versions up to now can no longer be watched from. */
  compact(): void {
    this.#oldest = this.#version;
    this.#events.length = 0;
  }

  /** Versions move on, as they do when other kinds change. */
  skipVersions(count: number): void {
    this.#version += count;
  }

  /** etcd is restored from a backup: versions go back, and nothing tells. */
  restore(version: number, objects: ReadonlyMap<string, Widget>): void {
    this.#version = version;
    this.#oldest = version;
    this.#events.length = 0;
    this.objects.clear();
    for (const [key, object] of objects) this.objects.set(key, object);
  }

  dropWatches(): void {
    for (const { response } of this.#watches) response.destroy();
    this.#watches.clear();
  }

  /** Watches end as they do at their timeout. */
  endWatches(): void {
    for (const { response } of this.#watches) response.end();
    this.#watches.clear();
  }

  silenceWatches(): void {
    for (const watch of this.#watches) watch.silent = true;
  }

  sendToWatches(line: string): void {
    for (const watch of this.#watches) if (!watch.silent) watch.response.write(`${line}\n`);
  }

  bookmark(): void {
    const object = { kind: "Widget", metadata: { resourceVersion: `${this.#version}` } };
    this.sendToWatches(JSON.stringify({ type: "BOOKMARK", object }));
  }

  #store(collection: string, object: Widget): Widget {
    const key = `${collection}/${object.metadata.name}`;
    const known = this.objects.has(key);
    const version = ++this.#version;
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: `${version}` } };
    this.objects.set(key, stored);
    this.#tell({ version, type: known ? "MODIFIED" : "ADDED", collection, object: stored });
    return stored;
  }

  #tell(event: LoggedEvent): void {
    if (this.loseEvents > 0) {
      this.loseEvents--;
      return;
    }
    this.#events.push(event);
    for (const watch of this.#watches) if (matches(event, watch.collection)) this.#send(watch, event);
  }

  #send(watch: OpenWatch, { type, object }: LoggedEvent): void {
    if (watch.silent) return;
    let bytes = Buffer.from(`${JSON.stringify({ type, object })}\n`.repeat(this.copies));
    for (const size of this.chunkSizes) {
      if (bytes.length <= size) break;
      watch.response.write(bytes.subarray(0, size));
      bytes = bytes.subarray(size);
    }
    watch.response.write(bytes);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = "";
    request.setEncoding("utf8");
    for await (const chunk of request) body += chunk;
    const url = new URL(request.url ?? "/", "http://fake");
    const { authorization, "content-type": contentType } = request.headers;
    this.requests.push({ method: request.method ?? "", url, authorization, contentType, body });
    for (const intercept of this.intercepts) if (await intercept(request, response, body)) return;

    const [, namespace, rest] =
      /^(?:\/apis\/[^/]+\/[^/]+|\/api\/v1)(?:\/namespaces\/([^/]+))?\/(.+)$/.exec(url.pathname) ?? [];
    const [plural = "", name, subresource] = (rest ?? "").split("/");
    if (name) this.#object(request, response, plural, decodeURIComponent(name), subresource, body);
    else if (request.method === "POST") this.#create(response, plural, namespace, body);
    else if (url.searchParams.get("watch") === "true") this.#watch(response, plural, url.searchParams);
    else this.#list(response, plural, url.searchParams);
  }

  #create(
    response: ServerResponse,
    plural: string,
    namespace: string | undefined,
    body: string,
  ): ServerResponse {
    const object = JSON.parse(body) as Widget;
    const { name } = object.metadata;
    if (this.objects.has(`${plural}/${name}`)) {
      return refuse(response, 409, "AlreadyExists", `${plural} "${name}" already exists`);
    }
    const metadata = { ...object.metadata, ...(namespace ? { namespace } : {}), uid: `uid-${this.#version}` };
    return json(response, 201, this.#store(plural, { ...object, metadata }));
  }

  #object(
    request: IncomingMessage,
    response: ServerResponse,
    plural: string,
    name: string,
    subresource: string | undefined,
    body: string,
  ): ServerResponse {
    const known = this.objects.get(`${plural}/${name}`);
    if (!known) return refuse(response, 404, "NotFound", `${plural} "${name}" not found`);
    const given = body === "" ? {} : (JSON.parse(body) as Partial<Widget>);
    const expected = given.metadata?.resourceVersion;
    if (request.method === "PUT" && expected && expected !== known.metadata.resourceVersion) {
      return refuse(
        response,
        409,
        "Conflict",
        "the object has been modified; please apply your changes to the latest version",
      );
    }
    switch (request.method) {
      case "GET":
        return json(response, 200, known);
      case "PUT": {
        const next =
          subresource === "status" ? { ...known, status: given.status ?? {} } : { ...known, ...given };
        return json(
          response,
          200,
          this.#store(plural, { ...next, metadata: { ...given.metadata, ...identity(known) } }),
        );
      }
      case "PATCH":
        return json(response, 200, this.#store(plural, { ...known, ...given, metadata: known.metadata }));
      case "DELETE":
        return json(response, 200, this.remove(plural, name) ?? {});
      default:
        return refuse(response, 405, "MethodNotAllowed", "no such method");
    }
  }

  #list(response: ServerResponse, plural: string, query: URLSearchParams): ServerResponse {
    const version = query.get("resourceVersion") ?? "";
    const snapshot = version === "0" ? this.laggingSnapshot : undefined;
    if (Number(version) > this.#version) {
      const details = {
        causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
        retryAfterSeconds: 1,
      };
      return refuse(response, 504, "Timeout", `Too large resource version: ${version}`, details);
    }
    const objects = [...(snapshot?.objects ?? this.objects)].filter(([key]) => key.startsWith(`${plural}/`));
    const start = Number(query.get("continue") ?? 0);
    const limit = Number(query.get("limit") ?? 0) || objects.length;
    const items = objects.slice(start, start + limit).map(([, object]) => object);
    const more = start + limit < objects.length ? { continue: `${start + limit}` } : {};
    return json(response, 200, {
      kind: "WidgetList",
      metadata: { resourceVersion: `${snapshot?.version ?? this.#version}`, ...more },
      items,
    });
  }

  #watch(response: ServerResponse, collection: string, query: URLSearchParams): ServerResponse {
    const from = Number(query.get("resourceVersion") ?? 0);
    if (from < this.#oldest)
      return refuse(response, 410, "Expired", `too old resource version: ${from} (${this.#oldest})`);
    response.writeHead(200, { "content-type": "application/json" });
    response.flushHeaders();
    const watch: OpenWatch = { collection, response, silent: false };
    this.#watches.add(watch);
    response.on("close", () => this.#watches.delete(watch));
    for (const event of this.#events)
      if (event.version > from && matches(event, collection)) this.#send(watch, event);
    return response;
  }
}

function matches(event: LoggedEvent, collection: string): boolean {
  return event.collection === collection;
}

function identity({ metadata: { name, namespace, uid } }: Widget): Widget["metadata"] {
  return JSON.parse(JSON.stringify({ name, namespace, uid })) as Widget["metadata"];
}

function json(response: ServerResponse, status: number, value: unknown): ServerResponse {
  return response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}

/** Answers with a Status object, as the API server refuses. */
export function refuse(
  response: ServerResponse,
  code: number,
  reason: string,
  message: string,
  details: object = {},
  headers: Record<string, string> = {},
): ServerResponse {
  const status = { kind: "Status", apiVersion: "v1", status: "Failure", code, reason, message, details };
  return response
    .writeHead(code, { "content-type": "application/json", ...headers })
    .end(JSON.stringify(status));
}

/** Resolves when the condition holds; fails, saying what it waited for, when that takes more than five seconds. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 5000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`It did not come about within 5 s that ${what}.`);
    await delay(2);
  }
}
