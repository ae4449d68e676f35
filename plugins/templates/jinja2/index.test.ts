import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { Environment, FolderLoader, filter, HttpLoader, PyDict, str, TemplateNotFound } from "./engine.ts";
import { Jinja2Renderer } from "./index.ts";

const silent = () => {};
const log = { debug: silent, info: silent, warn: silent, error: silent };
const renderer = new Jinja2Renderer({ config: {}, log, random: () => 0 });

function render(
  text: string,
  more: { templates?: Record<string, string>; options?: object; library?: string } = {},
) {
  const options = renderer.optionsSchema.parse(more.options ?? {});
  return renderer.render({
    ...more,
    template: { name: "base.j2", text },
    context: { hostname: "r1" },
    options,
  });
}

const folder = mkdtempSync(join(tmpdir(), "jinja2-"));
mkdirSync(join(folder, "library"));
writeFileSync(join(folder, "secret"), "SECRET");
writeFileSync(join(folder, "library", "part.j2"), "part of {{ hostname }}");
symlinkSync(join(folder, "secret"), join(folder, "library", "link.j2"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("the renderer", () => {
  test("an undefined value is an error that names template, line and reason", async () => {
    const failure = { code: "RenderFailed", message: "base.j2, line 2: UndefinedError: 'mtu' is undefined" };
    await expect(render("hostname {{ hostname }}\nmtu {{ mtu }}")).rejects.toMatchObject(failure);
  });

  test("an error in an included template names that template", async () => {
    const templates = { "inc.j2": "\n\n{{ x.y }}" };
    await expect(render('{% include "inc.j2" %}', { templates })).rejects.toThrow("inc.j2, line 3");
  });

  test("an unknown option is refused by name", () => {
    expect(() => renderer.optionsSchema.parse({ trim_block: true })).toThrow("trim_block");
  });

  test("includes come from the given templates and from the library, never from outside of it", async () => {
    const library = join(folder, "library");
    expect(await render('{% include "part.j2" %}', { library })).toBe("part of r1");
    for (const name of [
      "link.j2",
      "../secret",
      "./../secret",
      join(folder, "secret"),
      "part.j2/../../secret",
    ]) {
      await expect(render(`{% include "${name}" %}`, { library })).rejects.toThrow("TemplateNotFound");
    }
  });

  test("addresses are no templates unless the configuration allows them", async () => {
    await expect(render('{% include "https://example.net/a.j2" %}')).rejects.toThrow("TemplateNotFound");
  });
});

describe("sources", () => {
  test("allowed addresses are fetched when a template turns out to need them, others are not", async () => {
    const asked: string[] = [];
    const http = new HttpLoader(["https://git.example.net/templates/"], async (url) => {
      asked.push(url);
      return "fetched";
    });
    const environment = new Environment({}, http);
    const fetched = (name: string) =>
      http.rendering(() => environment.fromString(`[{% include "${name}" %}]`).render());

    expect(await fetched("https://git.example.net/templates/a.j2")).toBe("[fetched]");
    for (const name of [
      "https://git.example.net/templates/../private.j2",
      "https://git.example.net/templates/%2e%2e/private.j2",
      "https://git.example.net/templates/..%2fprivate.j2",
      "https://git.example.net.evil.org/templates/a.j2",
      "https://user@git.example.net/templates/a.j2",
      "http://git.example.net/templates/a.j2",
      "file:///etc/passwd",
    ]) {
      await expect(fetched(name)).rejects.toThrow(TemplateNotFound);
    }
    expect(asked).toEqual(["https://git.example.net/templates/a.j2"]);
  });

  test("a folder's templates are compiled once", () => {
    const environment = new Environment({}, new FolderLoader(join(folder, "library")));
    expect(environment.getTemplate("part.j2")).toBe(environment.getTemplate("part.j2"));
  });
});

describe("the engine", () => {
  test("filters with dots in their names can be registered", () => {
    const environment = new Environment();
    environment.filters.set(
      "acme.net.tag",
      filter({ mark: "#" }, (_context, value, mark) => `${str(mark)}${str(value)}`),
    );
    expect(environment.fromString("{{ 5 | acme.net.tag(mark='!') }}{{ 6|acme.net.tag }}").render()).toBe(
      "!5#6",
    );
  });

  test("functions of the host are called with positional arguments only and give template values", () => {
    const template = new Environment().fromString("{{ add(1, 2) }} {{ pair().a }}");
    expect(template.render({ add: (a: number, b: number) => a + b, pair: () => ({ a: 1 }) })).toBe("3 1");
  });

  test("the order of a dict's keys is that of the source, whatever they look like", () => {
    const dict = new PyDict([
      ["10", "a"],
      ["2", "b"],
    ]);
    expect(new Environment().fromString("{{ d }}").render({ d: dict })).toBe("{'10': 'a', '2': 'b'}");
  });

  test("strict undefined values that chain still fail when they are printed", () => {
    const environment = new Environment({ undefined: "ChainableFalsyStrictUndefined" });
    expect(environment.fromString("{% if a.b.c %}x{% else %}y{% endif %}").render()).toBe("y");
    expect(() => environment.fromString("{{ a.b.c }}").render()).toThrow("'a' is undefined");
  });
});
