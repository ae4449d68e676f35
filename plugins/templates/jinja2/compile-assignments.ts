import { unpack } from "../../../src/python/values/index.ts";
import type { Expression } from "./ast.ts";
import { ExpressionCompiler, type Place, slotOf } from "./compile-expressions.ts";
import { TemplateAssertionError, TemplateRuntimeError } from "./errors.ts";
import type { Frame } from "./frame.ts";
import { Namespace } from "./namespace.ts";
import type { Scope } from "./scope.ts";

/** Where a statement stands. */
export interface StatementPlace extends Place {
  /** Directly in the template's root, or in an `if` there. */
  readonly toplevel: boolean;
  /** Directly in the template's root. */
  readonly rootlevel: boolean;
  /** Output here vanishes once the template extends another. */
  readonly checksOutput: boolean;
}

/** Gives a target its value. */
export type Assign = (frame: Frame, value: unknown) => void;

/** Makes closures that assign. */
export class AssignmentCompiler extends ExpressionCompiler {
  protected assign(target: Expression, place: StatementPlace): Assign {
    if (target.kind === "name") return this.assignName(target.name, place);
    if (target.kind === "nsref") {
      const owner = this.name(target.name, place);
      const { attr } = target;
      return (f, value) => {
        const namespace = owner(f);
        if (!(namespace instanceof Namespace)) {
          throw new TemplateRuntimeError("cannot assign attribute on non-namespace object");
        }
        namespace.setAttribute(attr, value);
      };
    }
    if (target.kind !== "tuple") {
      throw new TemplateAssertionError(`can't assign to '${target.kind}'`, target.line, target.at);
    }
    const parts = target.items.map((item) => this.assign(item, place));
    return (f, value) => {
      const values = unpack(value, parts.length);
      parts.forEach((assign, i) => {
        assign(f, values[i]);
      });
    };
  }

  protected assignName(name: string, place: StatementPlace): Assign {
    const slot = place.scope.own(name);
    if (slot !== undefined) {
      return (f, value) => {
        f.slots[slot] = value;
      };
    }
    const exported = !name.startsWith("_");
    return (f, value) => {
      f.context.vars.set(name, value);
      if (exported) f.context.exported.add(name);
    };
  }

  /** The local variables that can be seen from a scope, with their values. */
  protected locals(scope: Scope): (f: Frame) => ReadonlyMap<string, unknown> {
    const names = scope.visible().map((name) => [name, scope.find(name)] as const);
    return (f) => {
      const locals = new Map<string, unknown>();
      for (const [name, references] of names) {
        for (const reference of references) {
          const value = slotOf(f, reference);
          if (value === undefined) continue;
          locals.set(name, value);
          break;
        }
      }
      return locals;
    };
  }
}

/** Takes the values of slots away: a scope begins anew. */
export function empty(f: Frame, slots: readonly number[]): void {
  for (const slot of slots) f.slots[slot] = undefined;
}
