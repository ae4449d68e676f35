import { StepBudgetExceeded } from "./errors.ts";
import { FailedStates } from "./failed-states.ts";
import { isAt, unitsBefore } from "./places.ts";
import { firstCharacters, type Instruction, type Program, programOf } from "./program.ts";
import type { Parsed } from "./syntax.ts";
import { lower } from "./unicode.ts";

/** Spans of the whole match (first pair) and of all groups, in UTF-16 offsets; -1 for a group that took no part. */
export interface Found {
  readonly spans: readonly number[];
  /** The group that was closed last, or 0. */
  readonly lastIndex: number;
}

export interface Search {
  /** UTF-16 offset at which to begin. */
  readonly from: number;
  /** Only at `from`, not further on. */
  readonly anchored: boolean;
  /** The match must end at the end of the text. */
  readonly whole: boolean;
  /** A match at `from` must take something. */
  readonly notEmpty: boolean;
}

/** Steps allowed for one call, besides those that a long text needs anyway. About 50 ms. */
const STEP_BUDGET = 1_000_000;
const STEPS_PER_CHARACTER = 200;
/** From this step on, states that failed are remembered. Nearly all matches are over by then. */
const REMEMBER_AFTER = 200;
const NO_LIMIT = Number.POSITIVE_INFINITY;

/** Entries of the backtracking stack are four numbers: what, and three operands. */
const RESUME = 0;
const RESTORE_SLOT = 1;
const RESTORE_COUNT = 2;
const RESTORE_LAST = 3;
const FORK = 4;
const RUN_BACK = 5;
const RUN_ON = 6;
const TURN_ON = 7;

/**
 * Python's matching, step for step: a backtracking matcher with a step budget. From some step on it remembers states (step,
 * position, loop counts) that failed; that keeps shapes which would run away at a number of steps proportional to the text.
 */
export class Matcher {
  readonly #pattern: string;
  readonly #program: Program;
  readonly #first: Uint8Array | undefined;
  readonly #budget: number;

  readonly #stack: number[] = [];
  readonly #slots: number[];
  readonly #counts: number[];
  readonly #lasts: number[];
  #lastIndex = 0;
  #text = "";
  #steps = 0;
  #limit = 0;
  #search: Search = { from: 0, anchored: true, whole: false, notEmpty: false };

  constructor(pattern: string, parsed: Parsed, budget = STEP_BUDGET) {
    this.#pattern = pattern;
    this.#program = programOf(parsed);
    this.#first = firstCharacters(parsed.root)?.ascii;
    this.#budget = budget;
    this.#slots = new Array<number>(2 * (parsed.groups + 1)).fill(-1);
    this.#counts = new Array<number>(this.#program.loops.length).fill(0);
    this.#lasts = new Array<number>(this.#program.loops.length).fill(-1);
  }

  /** The first match, or undefined; throws `StepBudgetExceeded`. */
  find(text: string, search: Search): Found | undefined {
    this.#text = text;
    this.#search = search;
    this.#steps = 0;
    this.#limit = this.#budget + STEPS_PER_CHARACTER * text.length;
    const failed = new FailedStates();
    for (let at = search.from; at <= text.length; at += this.#unitsAt(at)) {
      if (this.#canStart(at)) {
        this.#stack.length = 0;
        this.#slots.fill(-1);
        this.#lastIndex = 0;
        const end = this.#run(this.#program.start, at, failed, true);
        if (end >= 0) {
          this.#slots[0] = at;
          this.#slots[1] = end;
          return {
            spans: this.#slots.map((slot, i) => (this.#slots[i | 1] === -1 ? -1 : slot)),
            lastIndex: this.#lastIndex,
          };
        }
      }
      if (search.anchored) return undefined;
      // What failed at earlier positions is not asked for again.
      failed.forgetIfLarge();
    }
    return undefined;
  }

  #canStart(at: number): boolean {
    if (this.#first === undefined) return true;
    const code = this.#text.charCodeAt(at);
    return code < 128 ? this.#first[code] === 1 : !Number.isNaN(code);
  }

  #unitsAt(at: number): number {
    const code = this.#text.codePointAt(at) ?? 0;
    return code > 0xffff ? 2 : 1;
  }

  /** Where the match ends, or -1. `failed` remembers states within this run. */
  #run(start: number, from: number, failed: FailedStates, top: boolean): number {
    const { instructions, loops } = this.#program;
    const stack = this.#stack;
    const text = this.#text;
    const base = stack.length;
    let pc = start;
    let at = from;
    for (;;) {
      if (++this.#steps > this.#limit) throw new StepBudgetExceeded(this.#pattern, this.#limit);
      const remembers = this.#steps > REMEMBER_AFTER;
      const step = instructions[pc] as Instruction;
      let ok = true;
      switch (step.op) {
        case "char": {
          const code = text.charCodeAt(at);
          if (code === step.code) at += 1;
          else if (step.code > 0xffff && text.codePointAt(at) === step.code) at += 2;
          else ok = false;
          pc = step.next;
          break;
        }
        case "set": {
          const unit = text.charCodeAt(at);
          if (unit < 128) {
            if (step.ascii[unit] === 1) at++;
            else ok = false;
          } else {
            const code = text.codePointAt(at);
            if (code !== undefined && step.set.has(code)) at += code > 0xffff ? 2 : 1;
            else ok = false;
          }
          pc = step.next;
          break;
        }
        case "run": {
          if (remembers && this.#failedBefore(failed, pc, at)) {
            ok = false;
            break;
          }
          const begin = at;
          let count = 0;
          const wanted = step.mode === "lazy" ? step.min : step.max;
          let wide = false;
          while (count < wanted) {
            const unit = text.charCodeAt(at);
            let taken = at + 1;
            if (unit < 128) {
              if (step.ascii[unit] !== 1) break;
            } else {
              const code = text.codePointAt(at);
              if (code === undefined || !step.set.has(code)) break;
              if (code > 0xffff) taken = at + 2;
            }
            // Where an endless repeat went on from here before, no end beyond did any good.
            if (remembers && count >= step.min && step.max === NO_LIMIT && this.#isDead(failed, pc, taken))
              break;
            if (taken > at + 1) wide = true;
            at = taken;
            count++;
          }
          if (count < step.min) {
            ok = false;
            break;
          }
          this.#steps += count >> 3;
          if (step.mode === "greedy" && count > step.min) {
            // `at` can go back to where only `min` characters were taken.
            const floor = wide ? this.#forward(begin, step.min) : begin + step.min;
            stack.push(RUN_BACK, pc, at, floor);
          } else if (step.mode === "lazy" && count < step.max) stack.push(RUN_ON, pc, at, count);
          pc = step.next;
          break;
        }
        case "fork": {
          if (remembers && this.#failedBefore(failed, pc, at)) {
            ok = false;
            break;
          }
          stack.push(FORK, pc, at, 1);
          pc = step.branches[0] ?? pc;
          break;
        }
        case "mark":
          stack.push(RESTORE_SLOT, step.slot, this.#slots[step.slot] ?? -1, this.#lastIndex);
          this.#slots[step.slot] = at;
          if (step.slot & 1) this.#lastIndex = step.slot >> 1;
          pc = step.next;
          break;
        case "enter":
          stack.push(RESTORE_COUNT, step.loop, this.#counts[step.loop] ?? 0, 0);
          stack.push(RESTORE_LAST, step.loop, this.#lasts[step.loop] ?? -1, 0);
          this.#counts[step.loop] = 0;
          this.#lasts[step.loop] = -1;
          pc = step.head;
          break;
        case "head": {
          const loop = loops[step.loop];
          if (loop === undefined) break;
          if (remembers && this.#failedBefore(failed, pc, at)) {
            ok = false;
            break;
          }
          const count = this.#counts[step.loop] ?? 0;
          if (count < loop.min) {
            stack.push(RESTORE_COUNT, step.loop, count, 0);
            this.#counts[step.loop] = count + 1;
            pc = step.body;
          } else if (count >= loop.max || this.#lasts[step.loop] === at) pc = step.next;
          else if (loop.lazy) {
            stack.push(TURN_ON, pc, at, 0);
            pc = step.next;
          } else {
            stack.push(RESUME, step.next, at, 0);
            this.#turn(step.loop, count, at);
            pc = step.body;
          }
          break;
        }
        case "place":
          ok = isAt(step.place, step.ascii, text, at);
          pc = step.next;
          break;
        case "look": {
          const begin = step.ahead ? at : this.#backward(at, step.width);
          const height = stack.length;
          const end = begin < 0 ? -1 : this.#run(step.body, begin, new FailedStates(), false);
          if (step.negated) {
            if (end >= 0) this.#undo(height);
            ok = end < 0;
          } else if (end < 0) ok = false;
          else this.#commit(height);
          pc = step.next;
          break;
        }
        case "atomic": {
          const height = stack.length;
          const end = this.#run(step.body, at, new FailedStates(), false);
          if (end < 0) ok = false;
          else {
            this.#commit(height);
            at = end;
          }
          pc = step.next;
          break;
        }
        case "backreference": {
          const end = this.#sameAgain(step.index, at, step.ignoreCase, step.ascii);
          if (end < 0) ok = false;
          else at = end;
          pc = step.next;
          break;
        }
        case "conditional":
          pc = (this.#slots[2 * step.index + 1] ?? -1) >= 0 ? step.yes : step.no;
          break;
        case "fail":
          ok = false;
          break;
        case "accept":
          if (!top) return at;
          if (this.#search.whole && at !== text.length) ok = false;
          else if (this.#search.notEmpty && at === this.#search.from) ok = false;
          else return at;
      }
      while (!ok) {
        if (stack.length === base) return -1;
        const c = stack.pop() ?? 0;
        const b = stack.pop() ?? 0;
        const a = stack.pop() ?? 0;
        const what = stack.pop() ?? 0;
        switch (what) {
          case RESUME:
            pc = a;
            at = b;
            ok = true;
            break;
          case RESTORE_SLOT:
            this.#slots[a] = b;
            this.#lastIndex = c;
            break;
          case RESTORE_COUNT:
            this.#counts[a] = b;
            break;
          case RESTORE_LAST:
            this.#lasts[a] = b;
            break;
          case FORK: {
            const fork = instructions[a];
            const next = fork?.op === "fork" ? fork.branches[c] : undefined;
            if (next === undefined) break;
            stack.push(FORK, a, b, c + 1);
            pc = next;
            at = b;
            ok = true;
            break;
          }
          case RUN_BACK: {
            const run = instructions[a];
            if (run?.op !== "run" || b <= c) break;
            if (this.#steps > REMEMBER_AFTER && run.max === NO_LIMIT) {
              this.#isDead(failed, a, b, true);
            }
            at = b - unitsBefore(text, b);
            if (at > c) stack.push(RUN_BACK, a, at, c);
            pc = run.next;
            ok = true;
            break;
          }
          case RUN_ON: {
            const run = instructions[a];
            if (run?.op !== "run") break;
            const code = text.codePointAt(b);
            if (code === undefined || !run.set.has(code)) break;
            at = b + (code > 0xffff ? 2 : 1);
            if (this.#steps > REMEMBER_AFTER && run.max === NO_LIMIT) {
              if (this.#isDead(failed, a, at, true)) break;
            }
            if (c + 1 < run.max) stack.push(RUN_ON, a, at, c + 1);
            pc = run.next;
            ok = true;
            break;
          }
          case TURN_ON: {
            const head = instructions[a];
            if (head?.op !== "head") break;
            at = b;
            this.#turn(head.loop, this.#counts[head.loop] ?? 0, at);
            pc = head.body;
            ok = true;
          }
        }
        if (ok && ++this.#steps > this.#limit) throw new StepBudgetExceeded(this.#pattern, this.#limit);
      }
    }
  }

  /** Begins another turn of a loop at `at`. */
  #turn(loop: number, count: number, at: number): void {
    this.#stack.push(RESTORE_COUNT, loop, count, 0);
    this.#stack.push(RESTORE_LAST, loop, this.#lasts[loop] ?? -1, 0);
    this.#counts[loop] = count + 1;
    this.#lasts[loop] = at;
  }

  /** Takes back everything above a height of the stack. */
  #undo(height: number): void {
    const stack = this.#stack;
    while (stack.length > height) {
      const c = stack.pop() ?? 0;
      const b = stack.pop() ?? 0;
      const a = stack.pop() ?? 0;
      const what = stack.pop();
      if (what === RESTORE_SLOT) {
        this.#slots[a] = b;
        this.#lastIndex = c;
      } else if (what === RESTORE_COUNT) this.#counts[a] = b;
      else if (what === RESTORE_LAST) this.#lasts[a] = b;
    }
  }

  /** Drops the choices above a height of the stack, but keeps what is to be restored when something before fails. */
  #commit(height: number): void {
    const stack = this.#stack;
    let kept = height;
    for (let i = height; i < stack.length; i += 4) {
      const what = stack[i] ?? RESUME;
      if (what < RESTORE_SLOT || what > RESTORE_LAST) continue;
      stack.copyWithin(kept, i, i + 4);
      kept += 4;
    }
    stack.length = kept;
  }

  /** Whether this state was seen before; it is seen from now on. */
  #failedBefore(failed: FailedStates, pc: number, at: number): boolean {
    return failed.seen(this.#key(pc, at, false), true);
  }

  /** Whether an endless run need not go on from here: it did so before, in vain. With `fromNowOn` it counts as such. */
  #isDead(failed: FailedStates, pc: number, at: number, fromNowOn = false): boolean {
    return failed.seen(this.#key(pc, at, true), fromNowOn);
  }

  /**
   * A number for the state: step, position, how far the loops around it are, and what the groups hold that matter later.
   * `within`: in the middle of a run.
   */
  #key(pc: number, at: number, within: boolean): number {
    let turns = within ? 1 : 0;
    for (const index of this.#program.around[pc] ?? []) {
      const loop = this.#program.loops[index];
      if (loop === undefined) continue;
      const count = this.#counts[index] ?? 0;
      // Beyond its minimum an endless loop does not care how often it turned.
      const cap = loop.max === NO_LIMIT ? loop.min : loop.max;
      turns = turns * (cap + 1) + Math.min(count, cap);
      if (loop.nullable) turns = turns * 2 + (this.#lasts[index] === at ? 1 : 0);
    }
    for (const group of this.#program.asked) {
      turns = turns * 2 + ((this.#slots[2 * group + 1] ?? -1) < 0 ? 0 : 1);
    }
    const places = this.#text.length + 2;
    for (const group of this.#program.referred) {
      turns = turns * places + (this.#slots[2 * group] ?? -1) + 1;
      turns = turns * places + (this.#slots[2 * group + 1] ?? -1) + 1;
    }
    return (turns * this.#program.instructions.length + pc) * (this.#text.length + 1) + at;
  }

  #sameAgain(index: number, at: number, ignoreCase: boolean, ascii: boolean): number {
    const from = this.#slots[2 * index] ?? -1;
    const to = this.#slots[2 * index + 1] ?? -1;
    if (from < 0 || to < from) return -1;
    if (!ignoreCase) {
      return this.#text.startsWith(this.#text.slice(from, to), at) ? at + to - from : -1;
    }
    let here = at;
    for (let there = from; there < to; ) {
      const wanted = this.#text.codePointAt(there) ?? 0;
      const got = this.#text.codePointAt(here);
      if (got === undefined || lower(got, ascii) !== lower(wanted, ascii)) return -1;
      there += wanted > 0xffff ? 2 : 1;
      here += got > 0xffff ? 2 : 1;
    }
    return here;
  }

  /** The offset `count` code points further on. */
  #forward(from: number, count: number): number {
    let at = from;
    for (let i = 0; i < count; i++) at += this.#unitsAt(at);
    return at;
  }

  /** The offset `count` code points back, or -1. */
  #backward(from: number, count: number): number {
    let at = from;
    for (let i = 0; i < count; i++) {
      if (at <= 0) return -1;
      at -= unitsBefore(this.#text, at);
    }
    return at;
  }
}
