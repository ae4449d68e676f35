import { expect, test } from "vitest";
import { CommandRefused } from "../getter.ts";
import { responseOf } from "./response.ts";

test("the text of a command comes without white space around it", () => {
  const response = responseOf(
    "<Response><CLI><Exec>\n up 3 days\n</Exec></CLI><ResultSummary ErrorCount='0'/></Response>",
  );
  expect(response.first("CLI/Exec")?.text).toBe("up 3 days");
});

test("errors are refusals in the router's words, wherever it puts them", () => {
  const failed = (content: string) => () =>
    responseOf(`<Response>${content}<ResultSummary ErrorCount="1"/></Response>`);
  expect(failed('<Commit ErrorCode="0x1" ErrorMsg="the target is empty"/>')).toThrow("the target is empty");
  expect(failed('<Get><Operational ErrorMsg="no such schema"/></Get>')).toThrow("no such schema");
  expect(failed("<Get/>")).toThrow(CommandRefused);
});

test("a command that was not understood is refused", () => {
  const text = "show intrefaces\n      ^\n% Invalid input detected at '^' marker.";
  expect(() => responseOf(`<Response><CLI><Exec>${text}</Exec></CLI></Response>`)).toThrow("Invalid input");
});

test("a response in parts is refused with what to configure", () => {
  expect(() => responseOf('<Response IteratorID="7"><Get/></Response>')).toThrow(
    "xml agent tty iteration off",
  );
});
