import nunjucks from "nunjucks";
import { atLeast, type BenchRow } from "../report.ts";

/** One template as both engines can be given it, with what ours made of it. */
export interface Comparable {
  readonly entry: string;
  readonly templates: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, unknown>>;
  readonly context: Readonly<Record<string, unknown>>;
  readonly render: () => string;
}

/**
 * Our speed as a share of nunjucks', on the inputs that both render alike, compile time apart. nunjucks compiles templates to
 * JavaScript source, which is fast and lets a template's author run code; it is here as a yardstick only.
 */
export function againstNunjucks(inputs: readonly Comparable[], runs: number): BenchRow[] {
  const alike = inputs.flatMap((input) => {
    const theirs = compiled(input);
    return theirs && theirs() === input.render() ? [{ ours: input.render, theirs }] : [];
  });
  if (alike.length === 0) return [];
  const best = (render: (pair: (typeof alike)[number]) => string) =>
    Math.min(...Array.from({ length: runs }, () => timed(() => void alike.map(render))));
  const ours = best(({ ours }) => ours());
  const theirs = best(({ theirs }) => theirs());
  return [
    atLeast(
      `Jinja2: render, times nunjucks' speed, ${alike.length} templates alike`,
      theirs / ours,
      "x",
      0.5,
    ),
  ];
}

/** The template in nunjucks, or undefined where it cannot compile or render it. */
function compiled({ entry, templates, options, context }: Comparable): (() => string) | undefined {
  const getSource = (name: string) => ({ src: templates[name] ?? "", path: name, noCache: false });
  try {
    const environment = new nunjucks.Environment([{ getSource }] as never, {
      autoescape: options.autoescape === true,
      trimBlocks: options.trim_blocks === true,
      lstripBlocks: options.lstrip_blocks === true,
    });
    nunjucks.installJinjaCompat();
    const template = environment.getTemplate(entry, true);
    const render = () => template.render(context);
    render();
    return render;
  } catch {
    return undefined;
  }
}

function timed(run: () => void): number {
  const startedAt = performance.now();
  run();
  return performance.now() - startedAt;
}
