"""Times Jinja2 on the templates and contexts that bench/templates.jinja2.ts names."""

import json
import sys
import time

import jinja2


def timed(run):
    start = time.perf_counter()
    run()
    return (time.perf_counter() - start) * 1000


with open(sys.argv[1], encoding="utf-8") as file:
    argument = json.load(file)


def compile_all():
    compiled = []
    for item in argument["inputs"]:
        options = {key: value for key, value in item["options"].items() if key != "undefined"}
        options["extensions"] = ["jinja2.ext." + name for name in options.get("extensions", [])]
        if item["chainable"]:
            options["undefined"] = jinja2.ChainableUndefined
        environment = jinja2.Environment(loader=jinja2.DictLoader(item["templates"]), **options)
        template = environment.get_template(item["entry"])
        template.render(item["context"])
        compiled.append((template, item["context"]))
    return compiled


def render_all():
    for template, context in compiled:
        template.render(context)


compile_ms = timed(compile_all)
compiled = compile_all()
render_ms = min(timed(render_all) for _ in range(argument["runs"]))
print(json.dumps({"compileMs": compile_ms, "renderMs": render_ms}))
