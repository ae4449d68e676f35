import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Environment, PythonError, TemplateError, TemplateSyntaxError } from "./engine.ts";

/** A template and what Jinja2 3.1.6 made of it: its output, or class, message and line of its error. */
interface Answer {
  readonly source: string;
  readonly answer: string;
}

function answers(file: string): Answer[] {
  const lines = readFileSync(new URL(file, import.meta.url), "utf8")
    .trim()
    .split("\n");
  return lines.map((line): Answer => JSON.parse(line));
}

function outcome(environment: Environment, source: string): string {
  try {
    return environment.fromString(source).render();
  } catch (error) {
    if (!(error instanceof TemplateError) && !(error instanceof PythonError)) throw error;
    const line = error instanceof TemplateSyntaxError ? error.lineno : "None";
    return `${error.name}: ${error.message} line ${line}`;
  }
}

test("templates give what Jinja2 gives, errors with the same class, message and line", () => {
  const different = answers("python-answers.jsonl").filter(
    ({ source, answer }) => outcome(new Environment(), source) !== answer,
  );
  expect(different.map((d) => d.source)).toEqual([]);
});

test("Ansible's filters and tests give what Ansible's give", () => {
  const environment = new Environment({ filters: ["ansible"] });
  const different = answers("ansible/python-answers.jsonl").filter(({ source, answer }) => {
    const got = outcome(environment, source);
    return answer === "error" ? !/^\w*Error: /.test(got) : got !== answer;
  });
  expect(different.map((d) => d.source)).toEqual([]);
});
