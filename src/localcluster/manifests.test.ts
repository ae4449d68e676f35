import { expect, test } from "vitest";
import { parseManifests } from "./manifests.ts";

test("a text holds any number of objects; empty documents are none", () => {
  const text =
    "---\napiVersion: v1\nkind: A\nmetadata: {name: a}\n---\n# nothing\n---\napiVersion: v1\nkind: B\nmetadata: {name: b}\n";

  expect(parseManifests(text, "x.yaml").map(({ kind }) => kind)).toEqual(["A", "B"]);
});

test("what is no object is refused with the file's name and the field", () => {
  expect(() => parseManifests("kind: A\nmetadata: {}\n", "x.yaml")).toThrow(/x\.yaml: .*apiVersion/s);
});
