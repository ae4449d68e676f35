"""Times textfsm on the templates and outputs that bench/templates.textfsm.ts names."""

import io
import json
import pathlib
import re
import sys
import time

import textfsm


def timed(run):
    start = time.perf_counter()
    run()
    return (time.perf_counter() - start) * 1000


with open(sys.argv[1], encoding="utf-8") as file:
    argument = json.load(file)
texts = {path.name: path.read_text(encoding="utf-8") for path in pathlib.Path(argument["folder"]).glob("*.textfsm")}


def compile_all():
    re.purge()
    return {name: textfsm.TextFSM(io.StringIO(text)) for name, text in texts.items()}


def parse_all():
    for item in argument["inputs"]:
        machine = machines[item["template"]]
        machine.Reset()
        try:
            machine.ParseText(item["text"])
        except textfsm.TextFSMError:
            pass


compile_ms = min(timed(compile_all) for _ in range(argument["runs"]))
machines = compile_all()
parse_ms = [timed(parse_all) for _ in range(argument["runs"])]
print(json.dumps({"compileMs": compile_ms, "firstMs": parse_ms[0], "parseMs": min(parse_ms)}))
