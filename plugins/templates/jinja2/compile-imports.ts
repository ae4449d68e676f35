import { MISSING, PyTuple, str } from "../../../src/python/values/index.ts";
import type { FromImportNode, ImportNode, IncludeNode } from "./ast.ts";
import { AssignmentCompiler, type StatementPlace } from "./compile-assignments.ts";
import type { Environment } from "./environment.ts";
import { TemplateNotFound } from "./errors.ts";
import { type Execute, type Frame, NORMAL } from "./frame.ts";
import type { ModuleValue } from "./module-value.ts";
import type { Template } from "./template.ts";

/** Makes closures of the tags that bring in other templates. */
export class ImportCompiler extends AssignmentCompiler {
  protected readonly template: Template;

  constructor(environment: Environment, template: Template) {
    super(environment);
    this.template = template;
  }

  protected include(node: IncludeNode, place: StatementPlace): Execute {
    const value = this.expression(node.template, place);
    const locals = this.locals(place.scope);
    const { environment } = this;
    return (f) => {
      f.run.at = node.at;
      let template: Template;
      try {
        const wanted = value(f);
        const list = wanted instanceof PyTuple ? [...wanted.items] : wanted;
        template = environment.templateOf(list, true);
      } catch (error) {
        if (node.ignoreMissing && error instanceof TemplateNotFound) return NORMAL;
        throw error;
      }
      const layers = node.withContext ? f.context.snapshot(locals(f)) : [environment.globals];
      template.include(f.run, layers);
      return NORMAL;
    };
  }

  protected importTemplate(node: ImportNode, place: StatementPlace): Execute {
    const load = this.importedModule(node, place);
    const assign = this.assignName(node.target, place);
    return (f) => {
      f.run.at = node.at;
      assign(f, load(f));
      // What a template imports, it does not hand on.
      if (place.toplevel) f.context.exported.delete(node.target);
      return NORMAL;
    };
  }

  protected importedModule(
    node: ImportNode | FromImportNode,
    place: StatementPlace,
  ): (f: Frame) => ModuleValue {
    const value = this.expression(node.template, place);
    const locals = this.locals(place.scope);
    const { environment } = this;
    return (f: Frame) => {
      const template = environment.templateOf(value(f));
      return node.withContext
        ? template.module(f.run, f.context.snapshot(locals(f)))
        : template.plainModule(f.run);
    };
  }

  protected fromImport(node: FromImportNode, place: StatementPlace): Execute {
    const load = this.importedModule(node, place);
    const assigns = node.names.map(([name, alias]) => ({
      name,
      alias,
      assign: this.assignName(alias, place),
    }));
    const { environment } = this;
    const own = this.template.name;
    const position = `line ${node.line}${own === undefined ? "" : ` in '${own}'`}`;
    return (f) => {
      f.run.at = node.at;
      const module = load(f);
      for (const { name, alias, assign } of assigns) {
        const found = module.attribute(name);
        const missing = () => {
          const source = str(module.attribute("__name__"));
          const hint = `the template '${source}' (imported on ${position}) does not export the requested name '${name}'`;
          return environment.undefined({ hint, name });
        };
        assign(f, found === MISSING ? missing() : found);
        if (place.toplevel) f.context.exported.delete(alias);
      }
      return NORMAL;
    };
  }
}
