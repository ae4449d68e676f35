import { element, writeXml, type XmlElement } from "../../../../src/device/xml/index.ts";
import { napalmErrors } from "../../../../src/errors/napalm.ts";
import { deviceErrors } from "../../../../src/plugin/index.ts";
import { withoutHeader } from "../cisco-xr/diff.ts";
import { refusalOf } from "../cisco-xr/refused-line.ts";
import { treeOf } from "../cisco-xr/tree.ts";
import type { CommitOptions, ConfigVerbs } from "../config-verbs.ts";
import { CommandRefused } from "../getter.ts";
import type { Plan } from "../plan.ts";
import { unifiedDiff } from "../values/unified-diff.ts";

/** What stands within the agent's `<Request>`: one operation or several, which it carries out in that order. */
export type XrVerbRequest = readonly XmlElement[];
type XrPlan<Result> = Plan<XrVerbRequest, XmlElement, Result>;

export interface XrVerbsOptions {
  readonly device: string;
  /** The session keeps the configuration locked as long as it lasts. */
  readonly lockedAlready: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The longest comment that a commit may have. */
const LONGEST_COMMENT = 60;

/**
 * NAPALM's verbs on IOS-XR: the candidate of the XML agent's session, under a lock from the first load to the commit. A commit that has
 * to be confirmed, which NAPALM does not have, is the router's own: another `<Commit/>` of the same session makes it final.
 */
export class XrVerbs implements ConfigVerbs<XrVerbRequest, XmlElement> {
  // The router's own bounds for a commit by the XML agent.
  readonly revertIn = { least: 30, most: 300, step: 1 };
  readonly exactDiff = true;
  readonly #options: XrVerbsOptions;
  #loaded: "merge" | "replace" | undefined;
  #locked = false;
  /** When the router takes the last commit back, in milliseconds since 1970. */
  #confirmBy: number | undefined;

  constructor(options: XrVerbsOptions) {
    this.#options = options;
  }

  load_merge_candidate(config: string): XrPlan<void> {
    return this.#load(config, "merge");
  }

  load_replace_candidate(config: string): XrPlan<void> {
    return this.#load(config, "replace");
  }

  *compare_config(): XrPlan<string> {
    if (this.#loaded === undefined) return "";
    if (this.#loaded === "replace") {
      const changes = yield* shown(
        "compares with the running configuration",
        "show configuration changes diff",
      );
      return withoutHeader(changes).replace(/^end$/gm, "").trim();
    }
    const merged = yield* shown("reads what the merge would make", "show configuration merge");
    const running = yield* shown("reads the running configuration", "show running-config");
    return unifiedDiff(withoutHeader(running), withoutHeader(merged)).replaceAll("\r", "").trim();
  }

  *commit_config({ message, revertIn }: CommitOptions = {}): XrPlan<void> {
    const { device, now } = this.#options;
    if (this.#isPending()) throw napalmErrors.CommitPending({ device });
    if (this.#loaded === undefined) throw napalmErrors.NothingLoaded({ device });
    const { least, most } = this.revertIn;
    if (revertIn !== undefined && (revertIn < least || revertIn > most))
      throw napalmErrors.RevertTimeInvalid({ device, asked: revertIn, allowed: `${least} to ${most} s` });
    const commit = element("Commit", {
      ...(this.#loaded === "replace" && { Replace: "true" }),
      ...(message && { Comment: message.slice(0, LONGEST_COMMENT) }),
      ...(revertIn !== undefined && { Confirmed: String(revertIn) }),
    });
    yield* this.#commit("commits the candidate", commit);
    this.#loaded = undefined;
    this.#confirmBy = revertIn === undefined ? undefined : now() + revertIn * 1000;
    yield* this.#unlock();
  }

  *confirm_commit(): XrPlan<void> {
    if (!this.#isPending()) throw napalmErrors.NoCommitPending({ device: this.#options.device });
    yield* this.#commit("makes the commit final", element("Commit"));
    this.#confirmBy = undefined;
    yield* this.#unlock();
  }

  /** Only a commit of this session can be confirmed by it. */
  *has_pending_commit(): XrPlan<boolean> {
    yield* NO_STEPS;
    return this.#isPending();
  }

  *discard_config(): XrPlan<void> {
    yield one("empties the candidate", element("Clear"));
    this.#loaded = undefined;
    yield* this.#unlock();
  }

  *rollback(): XrPlan<void> {
    // The agent goes back only without the lock, which is taken again so that nobody commits in between.
    const back = [element("Unlock"), treeOf("Rollback/Previous", 1), element("Lock")];
    yield { does: "takes the last commit back", send: back, assume: DONE };
    this.#locked = !this.#options.lockedAlready;
    this.#confirmBy = undefined;
  }

  *close(): XrPlan<void> {
    if (this.#loaded !== undefined) yield one("empties the candidate", element("Clear"));
    this.#loaded = undefined;
    yield* this.#unlock();
  }

  *#load(config: string, kind: "merge" | "replace"): XrPlan<void> {
    yield* this.#lock();
    try {
      yield one("loads the configuration", treeOf("CLI/Configuration", config));
    } catch (error) {
      if (!(error instanceof CommandRefused)) throw error;
      yield one("empties the candidate", element("Clear"));
      this.#loaded = undefined;
      throw refusalOf(error, config);
    }
    this.#loaded = kind;
  }

  *#commit(does: string, commit: XmlElement): XrPlan<void> {
    const { device } = this.#options;
    try {
      yield one(does, commit);
    } catch (error) {
      if (!(error instanceof CommandRefused)) throw error;
      throw deviceErrors.CommitFailed({ device, answer: error.message }, { cause: error });
    }
  }

  *#lock(): XrPlan<void> {
    if (this.#locked || this.#options.lockedAlready) return;
    try {
      yield one("locks the configuration", element("Lock"));
    } catch (error) {
      if (!(error instanceof CommandRefused)) throw error;
      throw napalmErrors.ConfigLocked({ device: this.#options.device, by: error.message }, { cause: error });
    }
    this.#locked = true;
  }

  /** Not while a commit waits: another session could commit in between, and the router would take back both. */
  *#unlock(): XrPlan<void> {
    if (!this.#locked || this.#isPending()) return;
    yield one("unlocks the configuration", element("Unlock"));
    this.#locked = false;
  }

  #isPending(): boolean {
    return this.#confirmBy !== undefined && this.#options.now() < this.#confirmBy;
  }
}

const NO_STEPS: readonly never[] = [];

/** A step as text. */
export function showXrStep(request: XrVerbRequest): string {
  return request.map(writeXml).join("");
}

const DONE = treeOf("Response/ResultSummary");

function one(does: string, operation: XmlElement) {
  return { does, send: [operation], assume: DONE };
}

function* shown(does: string, command: string): XrPlan<string> {
  const response = yield { does, send: [treeOf("CLI/Configuration", command)], assume: DONE };
  return response.first("CLI/Configuration")?.text ?? "";
}
