import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  BudgetExceeded,
  Environment,
  type EnvironmentOptions,
  PythonError,
  TemplateError,
} from "./engine.ts";

const limits = { steps: 50_000, memory: 2_000_000, output: 100_000, depth: 50 };

function render(
  source: string,
  options: EnvironmentOptions = {},
  context: Record<string, unknown> = {},
): string {
  return new Environment({ limits, filters: ["ansible"], extensions: ["do", "loopcontrols"], ...options })
    .fromString(source)
    .render(context);
}

/** The text of a template, or the name of the error that it ends with. */
function outcome(source: string, context: Record<string, unknown> = {}): string {
  try {
    return render(source, {}, context);
  } catch (error) {
    if (error instanceof TemplateError || error instanceof PythonError || error instanceof BudgetExceeded) {
      return error.name;
    }
    throw error;
  }
}

describe("no template reaches JavaScript or Python internals", () => {
  // Each of these runs programs, reads files or reaches the host's objects in nunjucks, in handlebars or in an unsandboxed Jinja2.
  const escapes = [
    `{{ range.constructor("return process")() }}`,
    `{{ cycler.constructor.constructor("return 1")() }}`,
    `{{ "".constructor.constructor("return globalThis")() }}`,
    `{{ "x".__proto__.polluted }}`,
    `{{ x.constructor("return process.env")() }}`,
    `{{ x["constructor"]["constructor"]("return 1")() }}`,
    `{{ joiner.constructor.prototype }}`,
    `{{ ({}).__proto__.toString.call(1) }}`,
    `{{ {}.hasOwnProperty("a") }}`,
    `{{ [].push.constructor("return 1")() }}`,
    `{{ "a".toUpperCase() }}`,
    `{{ [1, 2].map }}`,
    `{{ [1].length }}`,
    `{{ x|attr("constructor") }}`,
    `{{ ["constructor"]|map("attr", "constructor")|list }}`,
    `{{ [{}]|map(attribute="constructor")|list }}`,
    `{{ [{}]|map(attribute="__proto__.constructor")|list }}`,
    `{{ "{0.constructor}".format(1) }}`,
    `{{ "{0[__proto__]}".format({}) }}`,
    `{% set ns = namespace() %}{% set ns.__proto__ = 1 %}{{ ns.constructor }}`,
    `{{ self.constructor }}{{ self.__init__ }}`,
    `{{ loop.constructor }}`,
    `{% for a in [1] %}{{ loop.constructor }}{{ loop.__proto__ }}{% endfor %}`,
    `{% macro m() %}{% endmacro %}{{ m.constructor }}{{ m.call }}{{ m.run }}{{ m.invoke }}`,
    `{{ lipsum.__globals__["os"].popen("id").read() }}`,
    `{{ "".__class__.__mro__[1].__subclasses__() }}`,
    `{{ cycler.__init__.__globals__.os.popen("id").read() }}`,
    `{{ ().__class__.__base__ }}`,
    `{{ x.__defineGetter__("a", 1) }}`,
    `{{ {"__proto__": {"polluted": 1}}.polluted }}`,
    `{{ {}|combine({"__proto__": {"polluted": 1}}) is mapping and "".polluted }}`,
    `{{ dict(__proto__=1).polluted }}`,
    `{{ '{"__proto__": {"polluted": 1}}'|from_json is mapping and {}.polluted }}`,
    `{{ "a: !!js/function 'x'"|from_yaml }}`,
    `{{ range.run }}{{ range.name }}{{ dict.call }}`,
    `{% include "/etc/passwd" %}`,
    `{% include "../../../../etc/passwd" ignore missing %}`,
    `{% import "os" as os %}`,
    `{{ config }}{{ process }}{{ globalThis }}{{ require }}{{ Function }}`,
    `{{ "env"|expandvars }}`,
    `{{ environment }}{{ context }}{{ self._context }}`,
    `{{ x|map("constructor")|list }}`,
    `{{ x is constructor }}`,
    `{{ x|toString }}`,
    `{{ x.entries }}{{ x.size }}{{ x.items.run }}`,
  ];

  test.each(escapes)("%s", (source) => {
    const text = outcome(source, { x: { a: 1 } });
    expect(text).not.toMatch(/\[native code\]|\[object|process|PATH|root:|function Function/);
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });

  test("a name of JavaScript's object is a key like any other", () => {
    expect(
      render(`{{ d.constructor }}|{{ d.toString }}|{{ d["__proto__"] }}`, {}, { d: { constructor: 1 } }),
    ).toBe("1||");
    expect(render(`{{ {"__proto__": 5}["__proto__"] }}`)).toBe("5");
  });

  test("the sandbox refuses names with an underscore before them, and the immutable one methods that change", () => {
    expect(() => render(`{{ "".__class__.__mro__ }}`, { sandbox: "sandboxed" })).toThrow("is unsafe");
    expect(() => render(`{{ [].append(1) }}`, { sandbox: "immutable" })).toThrow(
      "'append' of 'list' object is unsafe",
    );
  });
});

describe("every budget ends what would not end", () => {
  const runaways = [
    `{% for a in range(10**9) %}{% endfor %}`,
    `{{ range(10**12)|list }}`,
    `{{ range(10**12)|sum }}`,
    `{{ "a" * 10**9 }}`,
    `{{ [0] * 10**9 }}`,
    `{{ 10 ** 10 ** 10 }}`,
    `{% set ns = namespace(x="aaaaaaaaaa") %}{% for i in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}{{ ns.x }}`,
    `{% set l = [1] %}{% for i in range(60) %}{% set _ = l.extend(l) %}{% endfor %}`,
    `{% set l = [1] %}{% for x in l %}{% do l.append(x) %}{% endfor %}`,
    `{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}`,
    `{% macro f(n) %}{{ f(n + 1) }}{{ f(n + 1) }}{% endmacro %}{{ f(0) }}`,
    `{% block a %}{{ self.a() }}{% endblock %}`,
    `{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}`,
    `{{ "x"|center(10**9) }}`,
    `{{ "%1000000000d" % 1 }}`,
    `{{ "{:1000000000}".format(1) }}`,
    `{{ "x".ljust(10**9) }}`,
    `{{ ("a" * 100000)|replace("a", "b" * 100000) }}`,
    `{{ lipsum(n=10**9) }}`,
    `{{ range(100)|permutations|list }}`,
    `{{ range(1000)|product(range(1000), range(1000))|list }}`,
    `{{ "Ethernet1-1000000000"|range_expand }}`,
    `{{ [1]|batch(10**9, 0)|list }}`,
    `{{ "a,b".split(",") * 10**9 }}`,
    `{% for i in range(100000) %}{{ "0123456789" }}{% endfor %}`,
    `${"{{ ".repeat(1)}${"(".repeat(5000)}1${")".repeat(5000)} }}`,
    `{{ ${"-".repeat(5000)}1 }}`,
    `{{ ${"not ".repeat(5000)}1 }}`,
    `{{ 1${" + 1".repeat(20_000)} }}`,
    `${"{% if 1 %}".repeat(3000)}${"{% endif %}".repeat(3000)}`,
    `{% set a = [] %}{% do a.append(a) %}{{ a|flatten }}`,
    `{{ ("a" * 30 ~ "b")|regex_search("(a+)+$") }}`,
  ];

  const named = runaways.map((source) => [source.length > 100 ? `${source.slice(0, 60)} …` : source, source]);
  test.each(named)("%s", (_name, source = "") => {
    const started = performance.now();
    outcome(source);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  test("a value inside itself prints as Python prints it", () => {
    expect(render(`{% set a = [] %}{% do a.append(a) %}{{ a }}`)).toBe("[[...]]");
  });
});

test("any text is a template that ends with a result or a typed error", () => {
  const piece = fc.constantFrom(
    ..."{{ }} {% %} {# #} if else elif endif for in endfor set endset macro endmacro block endblock call filter raw endraw x y loop self super range ( ) [ ] { } | . , : = == ~ + - * / // ** % not and or is 1 2.5 'a' \" \\ default upper list map join recursive ignore with context \n".split(
      " ",
    ),
  );
  const template = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(piece, { maxLength: 40 }).map((p) => p.join(" ")),
  );
  fc.assert(
    fc.property(template, (source) => {
      expect(typeof outcome(source, { x: [1, { y: 2 }], y: "text" })).toBe("string");
    }),
    { numRuns: 1500 },
  );
});
