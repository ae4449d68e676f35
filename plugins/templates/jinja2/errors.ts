/** Where in which template something went wrong. `line` counts from 1, `column` from 0. */
export interface TemplatePlace {
  readonly template: string | undefined;
  readonly line: number;
  readonly column: number;
  /** The whole line of the template, without its end. */
  readonly text: string;
}

/** The base of everything that Jinja2 itself raises. `name` is Jinja2's class name. */
export class TemplateError extends Error {
  /** The template's name, where it has one. */
  templateName: string | undefined;
  /** The line in the template, from 1; undefined until it is known. */
  lineno: number | undefined;
  place: TemplatePlace | undefined;

  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}

/** A template that cannot be parsed. Always has `lineno`. */
export class TemplateSyntaxError extends TemplateError {
  /** The place in the source, in characters. */
  readonly offset: number | undefined;

  constructor(message: string, lineno: number, offset?: number) {
    super(message);
    this.lineno = lineno;
    this.offset = offset;
  }
}

/** A template that parses but can never run: an unknown filter, a block defined twice. */
export class TemplateAssertionError extends TemplateSyntaxError {}

/** A failure while rendering. */
export class TemplateRuntimeError extends TemplateError {}

/** An undefined value was used where its environment does not allow that. */
export class UndefinedError extends TemplateRuntimeError {}

/** A filter was called with arguments that it cannot work with. */
export class FilterArgumentError extends TemplateRuntimeError {}

/** A template reached for something that no template may have. */
export class SecurityError extends TemplateRuntimeError {}

/** No source has a template of this name. */
export class TemplateNotFound extends TemplateError {
  readonly missing: string;

  constructor(name: string, message: string = name) {
    super(message);
    this.missing = name;
  }
}

/** None of several names is a template. */
export class TemplatesNotFound extends TemplateNotFound {
  constructor(
    names: readonly string[],
    message = `none of the templates given were found: ${names.join(", ")}`,
  ) {
    super(names.at(-1) ?? "", message);
  }
}

// Errors of any class, Python's and budgets' too, and where they happened.
const places = new WeakMap<Error, TemplatePlace>();

/** Notes where an error happened, unless that is known already. */
export function setPlace(error: Error, place: TemplatePlace): void {
  if (places.has(error)) return;
  places.set(error, place);
  if (!(error instanceof TemplateError)) return;
  error.place = place;
  error.templateName = place.template;
  error.lineno ??= place.line;
}

/** Where in which template an error happened, if it happened in one. */
export function placeOf(error: unknown): TemplatePlace | undefined {
  return error instanceof Error ? places.get(error) : undefined;
}

/** The place of a character in a source. */
export function placeIn(source: string, template: string | undefined, at: number): TemplatePlace {
  const start = source.lastIndexOf("\n", at - 1) + 1;
  const end = source.indexOf("\n", at);
  const line = source.slice(0, start).split("\n").length;
  return { template, line, column: at - start, text: source.slice(start, end < 0 ? undefined : end) };
}
