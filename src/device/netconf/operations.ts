import { element, parseXml, type XmlElement } from "../xml/index.ts";

/** `running`, `candidate`, `startup`, or a file: `{ url: "https://…" }`. */
export type Datastore = "running" | "candidate" | "startup" | { readonly url: string };

/** A piece of configuration: XML, of one element or several beside each other. */
export type XmlSource = string | XmlElement | readonly XmlElement[];

/** What of the data is wanted. */
export type Filter =
  | { readonly subtree: XmlSource }
  | { readonly xpath: string; readonly namespaces?: Readonly<Record<string, string>> };

export interface GetOptions {
  readonly filter?: Filter;
  /** RFC 6243: which values that nobody set are reported. */
  readonly withDefaults?: "report-all" | "report-all-tagged" | "trim" | "explicit";
}

export interface GetConfigOptions extends GetOptions {
  readonly source: Datastore;
}

export interface EditConfigOptions {
  readonly target: Exclude<Datastore, { url: string }>;
  /** What to put there; its elements may carry `nc:operation` (`xmlns:nc` is declared for it). Or a file: `{ url }`. */
  readonly config: XmlSource | { readonly url: string };
  readonly defaultOperation?: "merge" | "replace" | "none";
  readonly testOption?: "test-then-set" | "set" | "test-only";
  readonly errorOption?: "stop-on-error" | "continue-on-error" | "rollback-on-error";
}

export interface CommitOptions {
  /** Taken back by the device unless a second commit comes in time. */
  readonly confirmed?: boolean;
  /** How long the device waits for it, in seconds; the device's own time, 600 by the standard, unless told. */
  readonly confirmTimeoutSeconds?: number;
  /** Makes the confirmed commit outlive this session; who confirms gives the same text as `persistId`. */
  readonly persist?: string;
  readonly persistId?: string;
}

export interface SubscriptionOptions {
  /** `NETCONF` unless told. */
  readonly stream?: string;
  readonly filter?: Filter;
  /** RFC 3339; repeats what happened since then, where the device keeps it. */
  readonly startTime?: string;
  readonly stopTime?: string;
}

/** A request with what the device must have announced for it. */
export interface Operation {
  readonly element: XmlElement;
  /** Names for `Capabilities.has`. */
  readonly needs: readonly string[];
}

const WITH_DEFAULTS = "urn:ietf:params:xml:ns:yang:ietf-netconf-with-defaults";
const BASE = "urn:ietf:params:xml:ns:netconf:base:1.0";
const NOTIFICATION = "urn:ietf:params:xml:ns:netconf:notification:1.0";

/** The requests of RFC 6241 (and RFC 5277's subscription) as elements. */
export const operations = {
  get: (options: GetOptions): Operation => ({
    element: element("get", {}, selection(options)),
    needs: selectionNeeds(options),
  }),

  getConfig: (options: GetConfigOptions): Operation => ({
    element: element("get-config", {}, [place("source", options.source), ...selection(options)]),
    needs: [...placeNeeds(options.source), ...selectionNeeds(options)],
  }),

  editConfig: ({
    target,
    config,
    defaultOperation,
    testOption,
    errorOption,
  }: EditConfigOptions): Operation => ({
    element: element("edit-config", {}, [
      place("target", target),
      ...leaf("default-operation", defaultOperation),
      ...leaf("test-option", testOption),
      ...leaf("error-option", errorOption),
      isUrl(config)
        ? element("url", {}, config.url)
        : element("config", { "xmlns:nc": BASE }, contents(config)),
    ]),
    needs: [
      ...(target === "running" ? [":writable-running"] : placeNeeds(target)),
      ...(testOption === undefined ? [] : [testOption === "test-only" ? ":validate:1.1" : ":validate"]),
      ...(errorOption === "rollback-on-error" ? [":rollback-on-error"] : []),
      ...(isUrl(config) ? [":url"] : []),
    ],
  }),

  copyConfig: (source: Datastore | { readonly config: XmlSource }, target: Datastore): Operation => ({
    element: element("copy-config", {}, [place("target", target), place("source", source)]),
    needs: [...placeNeeds(target), ...placeNeeds(source)],
  }),

  deleteConfig: (target: Exclude<Datastore, "running">): Operation => ({
    element: element("delete-config", {}, [place("target", target)]),
    needs: placeNeeds(target),
  }),

  lock: (target: Datastore): Operation => ({
    element: element("lock", {}, [place("target", target)]),
    needs: placeNeeds(target),
  }),

  unlock: (target: Datastore): Operation => ({
    element: element("unlock", {}, [place("target", target)]),
    needs: placeNeeds(target),
  }),

  validate: (source: Datastore | { readonly config: XmlSource }): Operation => ({
    element: element("validate", {}, [place("source", source)]),
    needs: [":validate", ...placeNeeds(source)],
  }),

  commit: ({ confirmed = false, confirmTimeoutSeconds, persist, persistId }: CommitOptions): Operation => ({
    element: element("commit", {}, [
      ...(confirmed ? [element("confirmed")] : []),
      ...leaf("confirm-timeout", confirmTimeoutSeconds),
      ...leaf("persist", persist),
      ...leaf("persist-id", persistId),
    ]),
    needs: [
      ":candidate",
      ...(confirmed ? [":confirmed-commit"] : []),
      ...(persist === undefined && persistId === undefined ? [] : [":confirmed-commit:1.1"]),
    ],
  }),

  cancelCommit: (persistId?: string): Operation => ({
    element: element("cancel-commit", {}, leaf("persist-id", persistId)),
    needs: [":candidate", ":confirmed-commit:1.1"],
  }),

  discardChanges: (): Operation => ({ element: element("discard-changes"), needs: [":candidate"] }),

  closeSession: (): Operation => ({ element: element("close-session"), needs: [] }),

  killSession: (sessionId: string): Operation => ({
    element: element("kill-session", {}, leaf("session-id", sessionId)),
    needs: [],
  }),

  createSubscription: ({ stream, filter, startTime, stopTime }: SubscriptionOptions): Operation => ({
    element: element("create-subscription", { xmlns: NOTIFICATION }, [
      ...leaf("stream", stream),
      ...(filter ? [filterElement(filter)] : []),
      ...leaf("startTime", startTime),
      ...leaf("stopTime", stopTime),
    ]),
    needs: [":notification"],
  }),
};

/** XML of one element or several beside each other as elements. Throws `XmlSyntaxError`. */
export function contents(source: XmlSource): readonly XmlElement[] {
  if (typeof source === "string") {
    const withoutDeclaration = source.replace(/^\s*<\?xml[^>]*\?>/, "");
    return parseXml(`<contents>${withoutDeclaration}</contents>`).children;
  }
  return Array.isArray(source) ? source : [source as XmlElement];
}

function leaf(name: string, value: string | number | undefined): XmlElement[] {
  return value === undefined ? [] : [element(name, {}, String(value))];
}

function isUrl(given: object | string): given is { readonly url: string } {
  return typeof given === "object" && "url" in given;
}

function place(name: "source" | "target", store: Datastore | { readonly config: XmlSource }): XmlElement {
  if (typeof store === "string") return element(name, {}, [element(store)]);
  if (isUrl(store)) return element(name, {}, [element("url", {}, store.url)]);
  return element(name, {}, [element("config", { "xmlns:nc": BASE }, contents(store.config))]);
}

function placeNeeds(store: Datastore | { readonly config: XmlSource }): string[] {
  if (store === "candidate" || store === "startup") return [`:${store}`];
  return typeof store === "object" && isUrl(store) ? [":url"] : [];
}

function selection({ filter, withDefaults }: GetOptions): XmlElement[] {
  return [
    ...(filter ? [filterElement(filter)] : []),
    ...(withDefaults ? [element("with-defaults", { xmlns: WITH_DEFAULTS }, withDefaults)] : []),
  ];
}

function selectionNeeds({ filter, withDefaults }: GetOptions): string[] {
  return [...(filter && "xpath" in filter ? [":xpath"] : []), ...(withDefaults ? [":with-defaults"] : [])];
}

function filterElement(filter: Filter): XmlElement {
  if ("subtree" in filter) return element("filter", { type: "subtree" }, contents(filter.subtree));
  const declared = Object.entries(filter.namespaces ?? {}).map(([prefix, uri]) => [`xmlns:${prefix}`, uri]);
  return element("filter", { ...Object.fromEntries(declared), type: "xpath", select: filter.xpath });
}
