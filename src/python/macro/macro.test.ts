import { afterAll, describe, expect, test } from "vitest";
import { ipInterface } from "../ipaddress/index.ts";
import { PyDict } from "../values/dict.ts";
import { PyFloat } from "../values/numbers.ts";
import { str } from "../values/text.ts";
import { PyTuple } from "../values/tuple.ts";
import { InterpreterEnded, MacroError, PythonMacros } from "./index.ts";

const python = new PythonMacros();
afterAll(() => python.close());

/** Runs a macro of one expression over data. */
function evaluate(expression: string, data: unknown = null): unknown {
  const source = `def run(data):\n    ${expression.split("\n").join("\n    ")}`;
  return python.load([source]).call("run", data).value;
}

describe("a macro", () => {
  test("gets and gives Python's values unchanged", () => {
    const data = new PyDict([
      ["int", 1],
      ["float", new PyFloat(1)],
      ["big", 2n ** 70n],
      ["tuple", PyTuple.of(1, "a")],
      [5, null],
      ["ip", ipInterface("10.0.0.1/24")],
      ["text", 'é "quoted"\n'],
    ]);
    expect(str(evaluate("return data", data))).toBe(str(data));
    expect(evaluate("return [type(v).__name__ for v in data.values()]", data)).toEqual([
      "int",
      "float",
      "int",
      "tuple",
      "NoneType",
      "IPv4Interface",
      "str",
    ]);
  });

  test("may change its data in place, which the answer says", () => {
    const macros = python.load(["def run(data):\n    data['added'] = 1"]);
    const answer = macros.call("run", new PyDict());
    expect(answer.value).toBeNull();
    expect(str(answer.changed)).toBe("{'added': 1}");
  });

  test("sees and changes the engine's variables, and calls its functions", () => {
    const state = {
      vars: new PyDict([["vlan", 10]]),
      globalVars: new PyDict(),
      lookups: new PyDict(),
      record: new PyDict(),
    };
    const source =
      "def run(data):\n    _ttp_['vars']['vlan'] += 1\n    return _ttp_['match']['double'](_ttp_['vars']['vlan'])";
    const answer = python.load([source]).call(
      "run",
      null,
      () => state,
      ({ data }) => Number(data) * 2,
    );
    expect(answer.value).toBe(22);
    expect(state.vars.get("vlan")).toBe(11);
  });

  test("calls other macros of its template, and none of another's", () => {
    const macros = python.load(["def helper(x):\n    return x + 1", "def run(data):\n    return data + 1"]);
    expect(macros.names).toEqual(["helper", "run"]);
    expect(
      python.load(["def inner(x):\n    return x * 2\ndef run(data):\n    return inner(data)"]).call("run", 4)
        .value,
    ).toBe(8);
    expect(() => python.load(["def run(data):\n    return helper(data)"]).call("run", 1)).toThrow(
      "name 'helper' is not defined",
    );
  });

  test("that fails says so in Python's words and with its line", () => {
    expect(() => evaluate("x = 1\nreturn data['missing']", new PyDict())).toThrow(
      new MacroError("KeyError: 'missing' (line 3 of the macro)"),
    );
  });

  test("may print: nothing comes of it", () => {
    expect(evaluate('print("x" * 100000)\nreturn 1')).toBe(1);
  });

  test("whose source is no Python defines nothing, and the others of its template still do", () => {
    expect(python.load(["def broken(:", "def fine(data):\n    return 1"]).names).toEqual(["fine"]);
  });

  test("finds the standard library and strict data models", () => {
    const model =
      "from pydantic import BaseModel, StrictInt\n    class Vlan(BaseModel):\n        vid: StrictInt";
    const macros = python.load([
      `def run(data):\n    ${model}\n    import re, json, ipaddress\n    return Vlan(vid=data).model_dump()`,
    ]);
    expect(str(macros.call("run", 7).value)).toBe("{'vid': 7}");
    expect(() => macros.call("run", "7")).toThrow("Input should be a valid int");
  });
});

describe("a macro cannot", () => {
  test.each(["js", "pyodide_js", "pyodide", "pyodide.code", "pyodide.ffi", "_pyodide_core", "ctypes"])(
    "import %s",
    (name) => {
      expect(() => evaluate(`import ${name}`)).toThrow(
        `module '${name.split(".")[0]}' is not available to macros`,
      );
    },
  );

  test("find run_js, also not where Python keeps it", () => {
    expect(() => evaluate("return run_js('1')")).toThrow("NameError");
    expect(
      evaluate(
        "import sys\nreturn [name for name in sys.modules if name.split('.')[0] in ('js', 'pyodide_js', 'pyodide')]",
      ),
    ).toEqual([]);
  });

  // Whoever finds a JavaScript object all the same (Python keeps some of its own) stands before the process's walls.
  const finder = `import gc
found = []
for item in gc.get_objects():
    for inner in gc.get_referents(item):
        if type(inner).__name__ in ('JsProxy', 'JsModule', 'JsCallable') or 'Js' in type(inner).__name__:
            found.append(inner)
`;

  test("run text as JavaScript through the constructor of a function", () => {
    const attack = `${finder}tried = 0
for item in found:
    for path in (('constructor',), ('constructor', 'constructor'), ('FS', 'mkdir', 'constructor'), ('mountNodeFS', 'constructor')):
        value = item
        try:
            for name in path:
                value = getattr(value, name)
            value('return process.env')()
            return 'escaped'
        except Exception as error:
            tried += 1
return 'held'`;
    expect(evaluate(attack)).toBe("held");
  });

  test("read a file of the host, also not by mounting its folders", () => {
    const attack = `${finder}import os
for item in found:
    for name in ('mountNodeFS', 'mountNativeFS'):
        try:
            getattr(item, name)('/host', '/etc')
            return os.listdir('/host')
        except Exception:
            pass
try:
    return open('/etc/passwd').read()
except OSError:
    pass
return os.listdir('/') + list(os.environ.values())`;
    expect(evaluate(attack)).toEqual(expect.arrayContaining(["macros", "tmp", "/home/macro"]));
  });

  test("start a process, open a connection or see the environment", () => {
    expect(() =>
      new PythonMacros().load(["def run(data):\n    import os\n    os.system('true')"]).call("run", null),
    ).toThrow(InterpreterEnded);
    expect(() => evaluate("import subprocess\nreturn subprocess.run(['true'])")).toThrow(MacroError);
    expect(() =>
      evaluate("import urllib.request\nreturn urllib.request.urlopen('http://127.0.0.1:1/').read()"),
    ).toThrow(MacroError);
    expect(String(evaluate("import os\nreturn list(os.environ)"))).not.toContain("KUBERNETES");
  });
});

describe("a macro that does not end", () => {
  test("is ended at its deadline, and the next one runs in a new process", () => {
    const impatient = new PythonMacros({ callTimeoutMs: 500 });
    const macros = impatient.load(["def forever(data):\n    while True:\n        pass"]);
    expect(() => macros.call("forever", null)).toThrow(
      new InterpreterEnded("it took longer than 500 ms and was ended"),
    );
    expect(impatient.load(["def run(data):\n    return 2"]).call("run", null).value).toBe(2);
    impatient.close();
  });

  test("or takes memory without end fails within its limit", () => {
    const small = new PythonMacros({ memoryMiB: 96 });
    const macros = small.load([
      "def grow(data):\n    x = []\n    while True:\n        x.append(bytearray(10_000_000))",
    ]);
    expect(() => macros.call("grow", null)).toThrow(/MemoryError|ended/);
    small.close();
  });

  test("or ends its process is an error", () => {
    const own = new PythonMacros();
    expect(() => own.load(["def run(data):\n    import os\n    os._exit(3)"]).call("run", null)).toThrow(
      Error,
    );
    own.close();
  });
});
