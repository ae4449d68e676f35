import { type Kwargs, MISSING, PyDict, PyTuple, str } from "../../../src/python/values/index.ts";
import type { CallBlockNode, Signature, Statement } from "./ast.ts";
import type { StatementPlace } from "./compile-assignments.ts";
import { ImportCompiler } from "./compile-imports.ts";
import { TemplateAssertionError } from "./errors.ts";
import { type Execute, Frame, NORMAL } from "./frame.ts";
import { Macro, type MacroShape, type MacroSpecials } from "./macro.ts";
import { namesUsed } from "./names-used.ts";
import { Scope, Unit } from "./scope.ts";

/** Makes closures of macros and of calls with a body. */
export abstract class MacroCompiler extends ImportCompiler {
  /** The closure of a body's statements. */
  protected abstract body(statements: readonly Statement[], place: StatementPlace): Execute;

  protected macro(
    name: string | undefined,
    signature: Signature,
    statements: readonly Statement[],
    place: StatementPlace,
    at: { line: number; at: number },
  ): (f: Frame) => Macro {
    const unit = new Unit(place.scope);
    const scope = new Scope(unit, undefined);
    const params = signature.params.map((p) => p.name);
    const slots = params.map((p) => scope.declare(p, true));
    const used = namesUsed(statements, ["caller", "kwargs", "varargs"]);
    const explicitCaller = params.indexOf("caller");
    if (
      used.has("caller") &&
      explicitCaller >= 0 &&
      explicitCaller < params.length - signature.defaults.length
    ) {
      throw new TemplateAssertionError(
        'When defining macros or call blocks the special "caller" argument must be omitted or be given a default.',
        at.line,
        at.at,
      );
    }
    const special = (wanted: string) =>
      used.has(wanted) && !params.includes(wanted) ? scope.declare(wanted, true) : undefined;
    const [callerSlot, kwargsSlot, varargsSlot] = [special("caller"), special("kwargs"), special("varargs")];
    scope.declareStores(statements);
    const inner: StatementPlace = {
      ...place,
      scope,
      toplevel: false,
      rootlevel: false,
      soft: false,
      checksOutput: false,
    };
    const defaults = signature.defaults.map((d) => this.expression(d, inner));
    const firstDefault = params.length - defaults.length;
    const body = this.body(statements, inner);
    const shape: MacroShape = {
      name,
      params,
      catchesKwargs: kwargsSlot !== undefined,
      catchesVarargs: varargsSlot !== undefined,
      caller: used.has("caller"),
      explicitCaller: explicitCaller >= 0,
    };
    const { environment } = this;
    const template = this.template;

    const enter = (outer: Frame, args: readonly unknown[], specials: MacroSpecials) => {
      const f = new Frame(unit.size, outer, outer.context);
      if (callerSlot !== undefined) f.slots[callerSlot] = specials.caller;
      if (kwargsSlot !== undefined) f.slots[kwargsSlot] = new PyDict(specials.kwargs);
      if (varargsSlot !== undefined) f.slots[varargsSlot] = new PyTuple(specials.varargs);
      template.guard(f.run, () => {
        slots.forEach((slot, i) => {
          const given = args[i];
          const fallback = defaults[i - firstDefault];
          const param = params[i] ?? "";
          f.slots[slot] =
            given !== MISSING
              ? given
              : fallback
                ? fallback(f)
                : environment.undefined({ hint: `parameter '${param}' was not provided`, name: param });
        });
        return body(f);
      });
    };
    const escapes = environment.options.autoescape;
    return (outer) =>
      new Macro(
        environment,
        outer.run,
        shape,
        (args, specials) => enter(outer, args, specials),
        () => escapes,
      );
  }

  protected callBlock(node: CallBlockNode, place: StatementPlace): Execute {
    const caller = this.macro("caller", node.signature, node.body, place, node);
    const extra = (f: Frame): Kwargs => new Map([["caller", caller(f)]]);
    const value = this.call(node.call, place, extra);
    return (f) => {
      f.run.at = node.at;
      f.run.write(str(value(f)));
      return NORMAL;
    };
  }
}
