import { RpcRefusedError } from "../../../../src/device/netconf/index.ts";
import { element, writeXml, XmlElement } from "../../../../src/device/xml/index.ts";
import { napalmErrors } from "../../../../src/errors/napalm.ts";
import { deviceErrors, pluginErrors } from "../../../../src/plugin/index.ts";
import type { CommitOptions, ConfigVerbs } from "../config-verbs.ts";
import { CommandRefused, LineRefused } from "../getter.ts";
import type { Plan, Step } from "../plan.ts";
import { loadRequest } from "./candidate.ts";
import { attributeOf } from "./rows.ts";
import type { JunosVerbSettings } from "./settings.ts";

/** A device's answer to a step: the element within `<rpc-reply>`, and what it said beside doing it. */
export interface JunosVerbReply {
  readonly element: XmlElement;
  readonly warnings: readonly string[];
}

type JunosPlan<Result> = Plan<XmlElement, JunosVerbReply, Result>;

export interface JunosVerbsOptions extends JunosVerbSettings {
  readonly device: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const MINUTE = 60;

/**
 * NAPALM's verbs on Junos: the candidate configuration, locked or private, and commits that the device takes back by itself. What was
 * loaded never stays behind in a candidate that others share: a refused load and a time that the device does not have discard it.
 */
export class JunosVerbs implements ConfigVerbs<XmlElement, JunosVerbReply> {
  readonly revertIn = { least: MINUTE, most: 65_535 * MINUTE, step: MINUTE };
  readonly exactDiff = true;
  readonly #options: JunosVerbsOptions;
  #isLoaded = false;
  #isLocked = false;
  #isPrivateOpen = false;
  /** Until when a commit of ours waits to be confirmed, in milliseconds since 1970. */
  #confirmBy = Number.NEGATIVE_INFINITY;

  constructor(options: JunosVerbsOptions) {
    this.#options = options;
  }

  load_merge_candidate(config: string): JunosPlan<void> {
    return this.#load(config, false);
  }

  load_replace_candidate(config: string): JunosPlan<void> {
    return this.#load(config, true);
  }

  *compare_config(): JunosPlan<string> {
    const compared = element("get-configuration", { compare: "rollback", rollback: "0", format: "text" });
    const reply = yield step("compares the candidate with the running configuration", compared);
    return reply.element.value("configuration-output") || reply.element.value(".//configuration-output");
  }

  *commit_config({ message, revertIn }: CommitOptions = {}): JunosPlan<void> {
    const { device, now } = this.#options;
    if (!this.#isLoaded) throw napalmErrors.NothingLoaded({ device });
    if (revertIn !== undefined && !this.#has(revertIn)) {
      yield* this.discard_config();
      const allowed = "give a multiple of 60 s, 65535 minutes at most; what was loaded is discarded";
      throw napalmErrors.RevertTimeInvalid({ device, asked: revertIn, allowed });
    }
    const sentAt = now();
    const commit = element("commit-configuration", {}, [
      ...(message ? [element("log", {}, message)] : []),
      ...(revertIn === undefined
        ? []
        : [element("confirmed"), element("confirm-timeout", {}, String(revertIn / MINUTE))]),
    ]);
    yield* this.#commit(commit, revertIn === undefined ? "commits" : "commits, to be confirmed");
    this.#isLoaded = false;
    if (revertIn !== undefined) this.#confirmBy = sentAt + revertIn * 1000;
    yield* this.#release();
  }

  /** A commit confirms. One that is certainly in time is sent at once; else the device is asked whether something waits. */
  *confirm_commit(): JunosPlan<void> {
    const { device, now } = this.#options;
    if (now() >= this.#confirmBy && !(yield* this.has_pending_commit()))
      throw napalmErrors.NoCommitPending({ device });
    yield* this.#commit(element("commit-configuration"), "makes the commit final");
    this.#confirmBy = Number.NEGATIVE_INFINITY;
  }

  *has_pending_commit(): JunosPlan<boolean> {
    const request = element("get-commit-revision-information", {}, [element("detail")]);
    let reply: JunosVerbReply;
    try {
      reply = yield step("looks for a commit that waits", request);
    } catch (error) {
      if (!(error instanceof CommandRefused)) throw error;
      const what = `asking for pending commits (it refused get-commit-revision-information, which Junos has since 14.1)`;
      throw pluginErrors.NotImplemented({ what, driver: "napalm" }, { cause: error });
    }
    const comment = reply.element.value(".//comment");
    const minutes = /commit confirmed.*rollback in (\d+)\s*min/s.exec(comment)?.[1];
    if (minutes === undefined) return false;
    const uptime = yield step("asks for the device's time", element("get-system-uptime-information"));
    const committed = secondsAt(reply.element, ".//date-time");
    const elapsed = secondsAt(uptime.element, ".//current-time/date-time") - committed;
    const remaining = Math.max(0, Number(minutes) * MINUTE - (Number.isFinite(elapsed) ? elapsed : 0));
    this.#confirmBy = this.#options.now() + remaining * 1000;
    return true;
  }

  *discard_config(): JunosPlan<void> {
    if (this.#isLoaded) {
      yield step("empties the candidate", rollbackTo(0));
      this.#isLoaded = false;
    }
    yield* this.#release();
  }

  *rollback(): JunosPlan<void> {
    yield step("loads the configuration before the last commit", rollbackTo(1));
    this.#isLoaded = true;
    try {
      yield* this.#commit(element("commit-configuration"), "commits");
      this.#isLoaded = false;
    } finally {
      if (this.#isLoaded) yield* this.discard_config();
    }
    this.#confirmBy = Number.NEGATIVE_INFINITY;
    yield* this.#release();
  }

  *close(): JunosPlan<void> {
    yield* this.discard_config();
    if (this.#isLocked) yield* this.#unlock();
  }

  *#load(config: string, isReplace: boolean): JunosPlan<void> {
    const { ignoresWarning } = this.#options;
    const request = loadRequest(config, isReplace);
    yield* this.#begin();
    this.#isLoaded = true;
    let refusal: CommandRefused | undefined;
    try {
      const does = isReplace
        ? "loads the configuration in place of the candidate"
        : "merges the configuration into the candidate";
      const { warnings } = yield step(does, request);
      const warning = warnings.find((one) => !ignoresWarning(one));
      if (warning !== undefined) refusal = new CommandRefused(warning);
    } catch (error) {
      if (!(error instanceof CommandRefused)) throw error;
      refusal = lineRefused(error, config);
    }
    if (!refusal) return;
    yield* this.discard_config();
    throw refusal;
  }

  *#begin(): JunosPlan<void> {
    const { device, lock, isPrivate } = this.#options;
    try {
      if (lock !== "none" && !this.#isLocked) {
        yield step("locks the configuration", element("lock-configuration"));
        this.#isLocked = true;
      }
      if (isPrivate && !this.#isPrivateOpen) {
        yield step("opens a private copy", element("open-configuration", {}, [element("private")]));
        this.#isPrivateOpen = true;
      }
    } catch (error) {
      if (!(error instanceof CommandRefused)) throw error;
      throw napalmErrors.ConfigLocked({ device, by: error.message.replace(/\.$/, "") }, { cause: error });
    }
  }

  *#commit(request: XmlElement, does: string): JunosPlan<void> {
    try {
      yield step(does, request);
    } catch (error) {
      if (!(error instanceof CommandRefused)) throw error;
      throw deviceErrors.CommitFailed(
        { device: this.#options.device, answer: error.message },
        { cause: error },
      );
    }
  }

  /** After a change: the lock of a session stays. */
  *#release(): JunosPlan<void> {
    if (this.#isLocked && this.#options.lock === "change") yield* this.#unlock();
    if (!this.#isPrivateOpen) return;
    yield step("closes the private copy", element("close-configuration"));
    this.#isPrivateOpen = false;
  }

  *#unlock(): JunosPlan<void> {
    yield step("unlocks the configuration", element("unlock-configuration"));
    this.#isLocked = false;
  }

  #has(seconds: number): boolean {
    const { least, most, step } = this.revertIn;
    return seconds >= least && seconds <= most && seconds % step === 0;
  }
}

/** A request as text for people; a configuration within it stays out. */
export function showRpc(request: XmlElement): string {
  if (request.name !== "load-configuration") return writeXml(request);
  return writeXml(element(request.name, request.attributes));
}

function rollbackTo(number: number): XmlElement {
  return element("load-configuration", { compare: "rollback", rollback: String(number) });
}

const OK: JunosVerbReply = { element: new XmlElement("ok"), warnings: [] };

function step(does: string, send: XmlElement): Step<XmlElement, JunosVerbReply> {
  return { does, send, assume: OK };
}

/** NaN where there is none. */
function secondsAt(reply: XmlElement, path: string): number {
  const found = reply.first(path);
  return Number((found && attributeOf(found, "seconds")) ?? Number.NaN);
}

/** Junos says in which line it stumbled, where it knows. */
function lineRefused(refused: CommandRefused, config: string): CommandRefused {
  const reply = refused.cause instanceof RpcRefusedError ? refused.cause.reply : undefined;
  const number = Number(reply?.value(".//line-number"));
  const line = config.split("\n")[number - 1];
  return line === undefined
    ? refused
    : new LineRefused(refused.message, { line, number }, { cause: refused });
}
