"""Runs macros. `handle` takes one request as a line of JSON and gives one answer; the host calls it and nothing else."""

import builtins
import importlib.abc
import io
import ipaddress
import json
import os
import sys
import traceback
import types

sys.path.insert(0, "/macros")

# Ways from Python into JavaScript. The host's own walls stand behind this one; this one says clearly what is refused.
REFUSED = ("js", "pyodide_js", "pyodide", "_pyodide", "_pyodide_core", "pyodide_kernel", "micropip", "ctypes", "_ctypes", "webbrowser")


class RefusedModules(importlib.abc.MetaPathFinder):
    def find_spec(self, fullname, path=None, target=None):
        if fullname.split(".")[0] in REFUSED:
            raise ImportError(f"module '{fullname}' is not available to macros", name=fullname)
        return None


def refuse_modules():
    for name in [name for name in sys.modules if name.split(".")[0] in REFUSED]:
        del sys.modules[name]
    sys.meta_path[:] = [RefusedModules()] + [
        finder for finder in sys.meta_path if type(finder).__module__.split(".")[0] not in REFUSED
    ]
    for name in ("run_js", "open_url", "pyodide", "js", "pyodide_js"):
        vars(sys.modules["__main__"]).pop(name, None)
        vars(builtins).pop(name, None)


IP_TYPES = {
    kind.__name__: kind
    for kind in (
        ipaddress.IPv4Address,
        ipaddress.IPv6Address,
        ipaddress.IPv4Interface,
        ipaddress.IPv6Interface,
        ipaddress.IPv4Network,
        ipaddress.IPv6Network,
    )
}
TAG = "__py__"


def encode(value):
    """A value as JSON data; what JSON lacks becomes an object with a tag."""
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, list):
        return [encode(item) for item in value]
    if isinstance(value, dict):
        if TAG not in value and all(isinstance(key, str) for key in value):
            return {key: encode(item) for key, item in value.items()}
        return {TAG: "dict", "v": [[encode(key), encode(item)] for key, item in value.items()]}
    if isinstance(value, tuple):
        return {TAG: "tuple", "v": [encode(item) for item in value]}
    if isinstance(value, (set, frozenset)):
        return {TAG: "set", "v": [encode(item) for item in value]}
    name = type(value).__name__
    return {TAG: name if name in IP_TYPES else "object", "v": str(value)}


def decode(value):
    if isinstance(value, list):
        return [decode(item) for item in value]
    if not isinstance(value, dict):
        return value
    kind = value.get(TAG)
    if kind is None:
        return {key: decode(item) for key, item in value.items()}
    content = value["v"]
    if kind == "dict":
        return {decode(key): decode(item) for key, item in content}
    if kind == "tuple":
        return tuple(decode(item) for item in content)
    if kind == "set":
        return {decode(item) for item in content}
    return IP_TYPES[kind](content) if kind in IP_TYPES else content


class Conversation:
    """Questions to the engine while a macro runs."""

    def __init__(self):
        self.buffer = b""

    def ask(self, question):
        os.write(1, json.dumps({"ask": question}).encode() + b"\n")
        while b"\n" not in self.buffer:
            self.buffer += os.read(0, 65536)
        line, self.buffer = self.buffer.split(b"\n", 1)
        answer = json.loads(line)
        if "error" in answer:
            kind = getattr(builtins, answer["error"]["kind"], RuntimeError)
            raise kind(answer["error"]["message"])
        return decode(answer["value"])


conversation = Conversation()


class Functions(dict):
    """The engine's own functions of one scope: `_ttp_["match"]["to_ip"]`."""

    def __init__(self, scope):
        super().__init__()
        self.scope = scope

    def __missing__(self, name):
        def function(data, *args, **kwargs):
            return conversation.ask(
                {
                    "scope": self.scope,
                    "name": name,
                    "data": encode(data),
                    "args": encode(list(args)),
                    "kwargs": encode(kwargs),
                }
            )

        function.__name__ = name
        return function


class Part:
    """An object of the engine as far as macros look at it."""

    def __init__(self, **attributes):
        self.__dict__.update(attributes)


class Module:
    def __init__(self, sources):
        self.vars = {}
        self.global_vars = {}
        self.functions = {}
        self.uses_ttp = any("_ttp_" in source for source in sources)
        self.keeps_state = any(word in source for source in sources for word in ("_ttp_", "global ", "nonlocal "))
        self.ttp = {
            "macro": self.functions,
            "vars": self.vars,
            "global_vars": self.global_vars,
            "python_major_version": 3,
            **{scope: Functions(scope) for scope in ("match", "group", "output", "formatters", "variable")},
        }
        for source in sources:
            self.load(source)

    def load(self, source):
        namespace = {"__builtins__": builtins, "_ttp_": self.ttp, "False": False, "True": True, "None": None}
        try:
            code = compile(source, "<macro>", "exec")
        except SyntaxError:
            # The engine goes on without macros that are no Python, as TTP does.
            return
        defined = {}
        exec(code, namespace, defined)
        namespace.update(defined)
        self.functions.update(defined)

    def is_pure(self):
        """Whether the order and number of calls make no difference, as far as the sources show."""
        plain = all(isinstance(value, (types.FunctionType, types.ModuleType)) for value in self.functions.values())
        return plain and not self.keeps_state

    def call_many(self, request):
        function = self.functions[request["name"]]
        answers = []
        for data in request["data"]:
            try:
                answers.append({"value": encode(function(data))})
            except Exception as error:
                answers.append({"error": describe(error)})
        return {"answers": answers}

    def call(self, request):
        function = self.functions[request["name"]]
        data = decode(request["data"])
        before = json.dumps(request["data"])
        state = request.get("state")
        if state is not None:
            self.take_state(state)
        result = function(data)
        answer = {"same": True} if result is data else {"value": encode(result)}
        if isinstance(data, (list, dict)):
            after = encode(data)
            if json.dumps(after) != before:
                answer["data"] = after
        if state is not None:
            answer["state"] = {"vars": encode(self.vars), "global_vars": encode(self.global_vars)}
        return answer

    def take_state(self, state):
        for target, source in ((self.vars, state["vars"]), (self.global_vars, state["global_vars"])):
            target.clear()
            target.update(decode(source))
        lookups = decode(state["lookups"])
        record = decode(state["record"])
        self.ttp["parser_object"] = Part(vars=self.vars, lookups=lookups)
        self.ttp["results_object"] = Part(record=record)
        self.ttp["lookups"] = lookups


class Nowhere(io.TextIOBase):
    """What macros print is dropped."""

    def write(self, text):
        return len(text)


modules = {}


def handle(line):
    request = json.loads(line)
    try:
        if request["op"] == "load":
            modules[request["id"]] = module = Module(request["sources"])
            names = list(module.functions)
            return json.dumps({"names": names, "usesTtp": module.uses_ttp, "pure": module.is_pure()})
        if request["op"] == "unload":
            modules.pop(request["id"], None)
            return "{}"
        if request["op"] == "callMany":
            return json.dumps(modules[request["id"]].call_many(request))
        return json.dumps(modules[request["id"]].call(request))
    except RecursionError:
        return json.dumps({"error": "RecursionError: maximum recursion depth exceeded"})
    except BaseException as error:
        return json.dumps({"error": describe(error)})


def describe(error):
    text = "".join(traceback.format_exception_only(error)).strip()
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "<macro>"]
    return text + (f" (line {frames[-1].lineno} of the macro)" if frames else "")


sys.stdout = Nowhere()
sys.stderr = Nowhere()
sys.stdin = io.StringIO()
refuse_modules()
