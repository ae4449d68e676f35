import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Ttp, type TtpOptions } from "./engine.ts";

function run(template: string, data: string, options: TtpOptions = {}): unknown {
  const parser = new Ttp({ template, ...options });
  parser.addText(data);
  parser.parse();
  return parser.result({ structure: "flat_list" });
}

describe("JavaScript's objects are out of reach", () => {
  test.each(["__proto__", "constructor", "constructor.prototype", "__proto__.polluted", "toString"])(
    "a path through %s is only keys",
    (name) => {
      const result = run(`<group name="${name}">\ninterface {{ polluted }}\n</group>`, "interface yes\n");
      expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
      expect(Object.hasOwn({}.constructor, "polluted")).toBe(false);
      expect(JSON.stringify(result)).toBe(
        JSON.stringify([
          name
            .split(".")
            .reduceRight<unknown>((inner, key) => JSON.parse(`{"${key}":${JSON.stringify(inner)}}`), {
              polluted: "yes",
            }),
        ]),
      );
    },
  );

  test("a dynamic path takes a key from the device and makes nothing else of it", () => {
    run(
      '<group name="{{ name }}">\ninterface {{ name }}\n mtu {{ mtu }}\n</group>',
      "interface __proto__\n mtu 9000\n",
    );
    expect(({} as { mtu?: string }).mtu).toBeUndefined();
  });

  test.each(["constructor", "__proto__", "toString", "hasOwnProperty", "valueOf"])(
    "a function of the name %s is unknown",
    (name) => {
      expect(run(`interface {{ a | ${name} }}`, "interface Gi1\n")).toEqual([{ a: "Gi1" }]);
    },
  );

  test("a format string reaches no attribute of a text", () => {
    expect(() => run("interface {{ a | sformat('{0.constructor}') }}", "interface Gi1\n")).toThrow(
      "has no attribute",
    );
  });

  test("arguments are literals: calls and attributes are refused", () => {
    expect(() => run("interface {{ a | set(__import__('os').system('true')) }}", "")).toThrow(
      "cannot read the arguments",
    );
  });
});

describe("side effects are off unless an option allows them", () => {
  const effect = (attributes: string): string =>
    `<group name="a">\ninterface {{ a }}\n</group>\n<output name="o" ${attributes}/>`;

  test.each([
    ['returner="terminal"', "effects.terminal"],
    ['returner="file" url="/tmp"', "effects.file"],
    ['returner="syslog" servers="127.0.0.1"', "effects.syslog"],
  ])("%s names its option %s", (attributes, option) => {
    expect(() => run(effect(attributes), "interface Gi1\n")).toThrow(`set option ${option} to allow it`);
  });

  test("print too, and with the option it goes where the program says", () => {
    expect(() => run("interface {{ a | print }}", "interface Gi1\n")).toThrow("effects.terminal");
    const printed: string[] = [];
    run("interface {{ a | print }}", "interface Gi1\n", {
      effects: { terminal: (text) => printed.push(text) },
    });
    expect(printed).toEqual(["Gi1"]);
  });

  test.each(["excel", "n2g"])("format %s is unsupported", (format) => {
    expect(() => run(effect(`format="${format}"`), "interface Gi1\n")).toThrow("is not supported");
  });

  test("a macro without an interpreter fails and names the macro", () => {
    const template =
      "<macro>\ndef shout(data):\n    return data\n</macro>\n<group>\ninterface {{ a | macro(shout) }}\n</group>";
    expect(() => run(template, "interface Gi1\n")).toThrow(
      "calls macro 'shout', but Python macros are switched off",
    );
  });
});

describe("files", () => {
  const root = mkdtempSync(join(tmpdir(), "ttp-files-"));
  mkdirSync(join(root, "library"));
  writeFileSync(join(root, "secret.txt"), "interface {{ secret }}");
  writeFileSync(join(root, "library", "ok.txt"), "interface {{ name }}");
  symlinkSync(join(root, "secret.txt"), join(root, "library", "link.txt"));
  const library = join(root, "library");

  test("of the library are templates", () => {
    expect(run("ttp://ok.txt", "interface Gi1\n", { library })).toEqual([{ name: "Gi1" }]);
  });

  test.each(["ttp://../secret.txt", "ttp://link.txt", "ttp:///etc/passwd"])(
    "outside of it are not: %s",
    (path) => {
      expect(() => new Ttp({ template: path, library })).toThrow("there is no template");
    },
  );

  test.each(["/etc/passwd", "../secret.txt"])("named by an input or include are not read: %s", (path) => {
    const template = `<lookup name="v" load="text" include="${path}">x</lookup>\n<input url="${path}"/>\n<group name="g">\n{{ x | re(".*root.*") }}\n</group>`;
    expect(JSON.stringify(run(template, "", { library, files: library }))).not.toMatch(/root:|secret/);
  });
});

describe("budgets", () => {
  test("end a template that matches everything", () => {
    const data = "a b c d e f\n".repeat(5000);
    expect(() => run("{{ x | re('.*') }}", data, { limits: { matches: 1000 } })).toThrow(
      "more than 1000 matches",
    );
  });

  test("end templates that extend each other", () => {
    const library = mkdtempSync(join(tmpdir(), "ttp-extend-"));
    writeFileSync(
      join(library, "a.txt"),
      '<group name="g">\nx {{ x }}\n<extend template="ttp://a.txt"/>\n</group>',
    );
    expect(() => new Ttp({ template: "ttp://a.txt", library })).toThrow(
      /extend each other|nested too deeply|more than/,
    );
  });

  test("end a pattern that runs away", () => {
    const started = performance.now();
    const outcome = () => run("x {{ a | re('(a+)+b') }}", `x ${"a".repeat(60)}\n`);
    try {
      outcome();
    } catch (error) {
      expect((error as Error).name).toBe("StepBudgetExceeded");
    }
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

test("any template and any input end with a result or a typed error", () => {
  const pieces = fc.constantFrom(
    "<group name='a*'>",
    "<group name='{{ x }}.b'>",
    "<group>",
    "</group>",
    "<template>",
    "</template>",
    "<vars>",
    "</vars>",
    "<output format='yaml'/>",
    "<input load='text'>",
    "</input>",
    "<lookup name='l' load='ini'>",
    "</lookup>",
    "interface {{ x }}",
    " ip {{ ip | to_ip | _start_ }} {{ y }}",
    "{{ rest | _line_ }}",
    "a b {{ _end_ }}",
    "{{ z | set('1') }}",
    "A  B  C {{ _headers_ }}",
    "{{ x | re('(a|b)*') | let('k', 'v') }}",
    "x = [1, 2",
    "&<>",
    "a b c",
    "interface a",
    " ip 10.0.0.1",
    "\t",
  );
  const text = fc
    .array(fc.oneof(pieces, fc.string({ maxLength: 8 })), { maxLength: 14 })
    .map((lines) => lines.join("\n"));
  fc.assert(
    fc.property(text, text, (template, data) => {
      try {
        const result = run(template, data);
        expect(() => JSON.stringify(result)).not.toThrow();
      } catch (error) {
        // Python's and the engine's errors have names of their own; a bare JavaScript error would be a hole in the engine.
        expect(error).toBeInstanceOf(Error);
        expect((error as Error).constructor).not.toBe(TypeError);
        expect((error as Error).constructor).not.toBe(Error);
        expect((error as Error).constructor).not.toBe(RangeError);
      }
    }),
    { numRuns: 400 },
  );
});
