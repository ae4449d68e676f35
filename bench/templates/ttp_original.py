"""Times ttp on the templates and inputs that bench/templates.ttp.ts names."""

import contextlib
import io
import json
import logging
import sys
import time

from ttp import ttp

logging.disable(logging.CRITICAL)


def timed(run):
    start = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        run()
    return (time.perf_counter() - start) * 1000


with open(sys.argv[1], encoding="utf-8") as file:
    argument = json.load(file)


def run_case(case):
    parser = ttp(template=case["template"])
    for text in case["inputs"]:
        parser.add_input(text, template_name="_all_")
    parser.parse(one=True)
    return parser.result()


def run_cases():
    for case in argument["cases"]:
        run_case(case)


runs = range(argument["runs"])
cases = [timed(run_cases) for _ in runs]
large = [timed(lambda: run_case(argument["large"])) for _ in runs]
print(json.dumps({"casesMs": min(cases), "firstCasesMs": cases[0], "largeMs": min(large)}))
