import {
  element,
  parseXml,
  writeXml,
  type XmlElement,
  XmlSyntaxError,
} from "../../../../src/device/xml/index.ts";
import { napalmErrors } from "../../../../src/errors/napalm.ts";
import { deviceErrors, pluginErrors } from "../../../../src/plugin/index.ts";
import { withoutHeader } from "../cisco-xr/diff.ts";
import { refusalOf } from "../cisco-xr/refused-line.ts";
import { treeOf } from "../cisco-xr/tree.ts";
import type { CommitOptions, ConfigVerbs } from "../config-verbs.ts";
import { CommandRefused, LineRefused } from "../getter.ts";
import type { Plan } from "../plan.ts";
import { unifiedDiff } from "../values/unified-diff.ts";
import { configText, isOwnModel } from "./config-text.ts";
import type { Datastore } from "./request.ts";

/** One step of a verb. All but the first two kinds work on the candidate. */
export type NetconfVerbRequest =
  | { readonly operation: "get-config"; readonly source: Datastore }
  /** An operation of a model of the router. */
  | { readonly operation: "rpc"; readonly rpc: XmlElement }
  | { readonly operation: "lock" | "unlock" | "discard-changes" | "cancel-commit" }
  /** `edit-config` takes all or nothing (rollback-on-error); `copy-config` takes the place of everything. */
  | { readonly operation: "edit-config" | "copy-config"; readonly config: readonly XmlElement[] }
  /** With `confirmSeconds` the router takes it back unless another commit of the session comes before. */
  | { readonly operation: "commit"; readonly confirmSeconds?: number };

/** The reply is `<data>` for `get-config`, otherwise the `<rpc-reply>`. */
type XrNetconfPlan<Result> = Plan<NetconfVerbRequest, XmlElement, Result>;

export interface XrNetconfVerbsOptions {
  readonly device: string;
  /** The session has locked the configuration at its beginning. */
  readonly lockedAlready: boolean;
  readonly encoding: "cli" | "xml";
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * NAPALM's verbs on IOS-XR over NETCONF: the candidate, under a lock from the first load to the commit. A commit that has to be
 * confirmed, which NAPALM does not have, is that of RFC 6241: it belongs to the session, so a lost session takes it back at once.
 */
export class XrNetconfVerbs implements ConfigVerbs<NetconfVerbRequest, XmlElement> {
  readonly revertIn = { least: 30, most: 65_535, step: 1 };
  readonly exactDiff = true;
  readonly #options: XrNetconfVerbsOptions;
  #loaded = false;
  #locked: boolean;
  /** When the router takes the last commit back, in milliseconds since 1970. */
  #confirmBy: number | undefined;

  constructor(options: XrNetconfVerbsOptions) {
    this.#options = options;
    this.#locked = options.lockedAlready;
  }

  load_merge_candidate(config: string): XrNetconfPlan<void> {
    return this.#load("edit-config", config);
  }

  load_replace_candidate(config: string): XrNetconfPlan<void> {
    return this.#load("copy-config", config);
  }

  *compare_config(): XrNetconfPlan<string> {
    if (!this.#loaded) return "";
    if (this.#options.encoding === "cli") {
      const rpc = treeOf("Cisco-IOS-XR-cli-diff-act:get-cli-config-diff");
      const reply = yield {
        does: "compares with the running configuration",
        send: { operation: "rpc", rpc },
        assume: DONE,
      };
      return withoutHeader(reply.children[0]?.text ?? "");
    }
    const running = yield {
      does: "reads the running configuration",
      send: { operation: "get-config", source: "running" },
      assume: NO_DATA,
    };
    const candidate = yield {
      does: "reads the candidate",
      send: { operation: "get-config", source: "candidate" },
      assume: NO_DATA,
    };
    return unifiedDiff(configText(running), configText(candidate));
  }

  *commit_config({ message, revertIn }: CommitOptions = {}): XrNetconfPlan<void> {
    const { device, now } = this.#options;
    if (message)
      throw pluginErrors.NotImplemented({
        what: "a commit message on platform iosxr_netconf",
        driver: "napalm",
      });
    if (this.#isPending()) throw napalmErrors.CommitPending({ device });
    if (!this.#loaded) throw napalmErrors.NothingLoaded({ device });
    const { least, most } = this.revertIn;
    if (revertIn !== undefined && (revertIn < least || revertIn > most))
      throw napalmErrors.RevertTimeInvalid({ device, asked: revertIn, allowed: `${least} to ${most} s` });
    yield* this.#commit("commits the candidate", revertIn);
    this.#loaded = false;
    this.#confirmBy = revertIn === undefined ? undefined : now() + revertIn * 1000;
    yield* this.#unlock();
  }

  *confirm_commit(): XrNetconfPlan<void> {
    if (!this.#isPending()) throw napalmErrors.NoCommitPending({ device: this.#options.device });
    yield* this.#commit("makes the commit final");
    this.#confirmBy = undefined;
    yield* this.#unlock();
  }

  /** Only a commit of this session can be confirmed by it. */
  *has_pending_commit(): XrNetconfPlan<boolean> {
    yield* NO_STEPS;
    return this.#isPending();
  }

  *discard_config(): XrNetconfPlan<void> {
    yield step("empties the candidate", "discard-changes");
    this.#loaded = false;
    yield* this.#unlock();
  }

  *rollback(): XrNetconfPlan<void> {
    if (this.#isPending()) {
      yield step("takes the commit back", "cancel-commit");
      this.#confirmBy = undefined;
      yield* this.#unlock();
      return;
    }
    const rpc = treeOf("Cisco-IOS-XR-cfgmgr-rollback-act:roll-back-configuration-last/count", 1);
    yield { does: "takes the last commit back", send: { operation: "rpc", rpc }, assume: DONE };
  }

  *close(): XrNetconfPlan<void> {
    if (this.#loaded) yield step("empties the candidate", "discard-changes");
    this.#loaded = false;
    yield* this.#unlock();
  }

  *#load(operation: "edit-config" | "copy-config", text: string): XrNetconfPlan<void> {
    yield* this.#lock();
    try {
      const config = this.#configOf(text);
      yield { does: "loads the configuration", send: { operation, config }, assume: DONE };
    } catch (error) {
      // What was loaded before is still there; the refused part is not.
      throw error instanceof CommandRefused && !(error instanceof LineRefused)
        ? refusalOf(error, text)
        : error;
    }
    this.#loaded = true;
  }

  /** What stands within `<config>`. Throws LineRefused for XML that is none or of another kind. */
  #configOf(text: string): readonly XmlElement[] {
    if (this.#options.encoding === "cli") return [treeOf("Cisco-IOS-XR-cli-cfg:cli", text)];
    const { name, children } = parsed(text);
    if (name !== "config") throw refused(text, name, "configuration as XML stands within <config>");
    const foreign = children.find((one) => !isOwnModel(one));
    if (foreign)
      throw refused(text, foreign.namespace, `${foreign.namespace} is not among the router's own models`);
    return children;
  }

  *#commit(does: string, confirmSeconds?: number): XrNetconfPlan<void> {
    const { device } = this.#options;
    try {
      yield {
        does,
        send: { operation: "commit", ...(confirmSeconds !== undefined && { confirmSeconds }) },
        assume: DONE,
      };
    } catch (error) {
      if (!(error instanceof CommandRefused)) throw error;
      throw deviceErrors.CommitFailed({ device, answer: error.message }, { cause: error });
    }
  }

  *#lock(): XrNetconfPlan<void> {
    if (this.#locked) return;
    try {
      yield step("locks the candidate", "lock");
    } catch (error) {
      if (!(error instanceof CommandRefused)) throw error;
      throw napalmErrors.ConfigLocked({ device: this.#options.device, by: error.message }, { cause: error });
    }
    this.#locked = true;
  }

  /** Not while a commit waits: another session could commit in between, and the router would take back both. */
  *#unlock(): XrNetconfPlan<void> {
    if (!this.#locked || this.#isPending()) return;
    yield step("unlocks the candidate", "unlock");
    this.#locked = false;
  }

  #isPending(): boolean {
    return this.#confirmBy !== undefined && this.#options.now() < this.#confirmBy;
  }
}

/** A step as text. */
export function showXrNetconfStep(request: NetconfVerbRequest): string {
  switch (request.operation) {
    case "rpc":
      return writeXml(request.rpc);
    case "get-config":
      return `<get-config> ${request.source}`;
    case "edit-config":
    case "copy-config":
      return `<${request.operation}> ${request.config.map(writeXml).join("")}`;
    case "commit":
      return request.confirmSeconds === undefined
        ? "<commit>"
        : `<commit> confirmed within ${request.confirmSeconds} s`;
    default:
      return `<${request.operation}>`;
  }
}

const NO_STEPS: readonly never[] = [];
const DONE = element("rpc-reply", {}, [element("ok")]);
const NO_DATA = element("data");

function step(does: string, operation: "lock" | "unlock" | "discard-changes" | "cancel-commit") {
  return { does, send: { operation }, assume: DONE };
}

function parsed(text: string): XmlElement {
  try {
    return parseXml(text);
  } catch (error) {
    if (!(error instanceof XmlSyntaxError)) throw error;
    const line = text.split("\n")[error.line - 1] ?? "";
    throw new LineRefused(error.why, { line, number: error.line }, { cause: error });
  }
}

/** Told of the first line that has a text. */
function refused(config: string, text: string, why: string): LineRefused {
  const lines = config.split("\n");
  const index = Math.max(
    0,
    lines.findIndex((line) => line.includes(text)),
  );
  return new LineRefused(why, { line: lines[index] ?? "", number: index + 1 });
}
