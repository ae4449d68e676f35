import { describe, expect, test } from "vitest";
import { Conversation, expectation, type ReplyRule } from "./conversation.ts";

const rule = (source: string, reply: string, looksAt: ReplyRule["looksAt"] = "all"): ReplyRule => ({
  asks: expectation(source),
  looksAt,
  reply,
});

describe("a conversation", () => {
  test("gives each answer once, in whatever order they are asked for", () => {
    const conversation = new Conversation([rule("name", "ann"), rule("/age\\?/i", "7")]);
    expect(conversation.hear("stdout", "Your AGE? ")?.reply).toBe("7");
    expect(conversation.hear("stdout", "Your AGE? ")).toBeUndefined();
    expect(conversation.hear("stderr", "and na")).toBeUndefined();
    expect(conversation.over).toBe(false);
    expect(conversation.hear("stderr", "me: ")?.reply).toBe("ann");
    expect(conversation.over).toBe(true);
    expect(conversation.hear("stdout", "name")).toBeUndefined();
  });

  test("a question is not answered again by what stood before its answer", () => {
    const conversation = new Conversation([rule("go on?", "y"), rule("go on?", "n")]);
    expect(conversation.hear("stdout", "go on? ")?.reply).toBe("y");
    expect(conversation.hear("stdout", "\n")).toBeUndefined();
    expect(conversation.hear("stdout", "go on? ")?.reply).toBe("n");
  });

  test("a step of a dialogue looks at the last line only", () => {
    const conversation = new Conversation([rule("/^PIN: $/", "1", "lastLine")]);
    expect(conversation.hear("stdout", "PIN: is asked for\nnow\n")).toBeUndefined();
    expect(conversation.hear("stdout", "PIN: ")?.reply).toBe("1");
  });

  test("the two streams are two texts", () => {
    const conversation = new Conversation([rule("ab", "x")]);
    expect(conversation.hear("stdout", "a")).toBeUndefined();
    expect(conversation.hear("stderr", "b")).toBeUndefined();
  });
});
