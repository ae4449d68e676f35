import fc from "fast-check";
import { expect, test } from "vitest";
import { element } from "../xml/index.ts";
import { TestDevice } from "./test-device.ts";

/** What becomes of a request: it is answered, refused, or given up before its reply comes. */
const fate = fc.constantFrom("answered", "refused", "given up");

test("whatever the order of replies and whoever gives up, each request gets its own reply or its own error", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ fate, order: fc.nat() }), { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 40 }),
      async (plan, pieceBytes) => {
        const device = new TestDevice();
        const { session } = await device.client();
        const waiting = plan.map((one, at) => {
          const stop = new AbortController();
          const outcome = session.rpc(element(`r${at}`), { signal: stop.signal }).then(
            ({ element: reply }) => reply.value("did"),
            (error: { code: string; message: string }) =>
              `${error.code} ${/r\d+/.exec(error.message.slice(3))?.[0]}`,
          );
          if (one.fate === "given up") stop.abort();
          return outcome;
        });
        const replies = device.asked
          .map((request, at) => ({ request, at, ...plan[at] }))
          .toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0))
          .map(({ request, at, fate: what }) => {
            const refused = `<rpc-error><error-tag>x</error-tag><error-message>no</error-message></rpc-error>`;
            const id = request.attributes["message-id"] ?? "";
            return `<rpc-reply message-id="${id}">${what === "refused" ? refused : `<did>r${at}</did>`}</rpc-reply>]]>]]>`;
          });
        const bytes = Buffer.from(replies.join(""));
        for (let at = 0; at < bytes.length; at += pieceBytes)
          device.transport.say(bytes.subarray(at, at + pieceBytes));
        expect(await Promise.all(waiting)).toEqual(
          plan.map((one, at) => {
            if (one.fate === "answered") return `r${at}`;
            return `${one.fate === "refused" ? "RpcRefused" : "OperationAborted"} r${at}`;
          }),
        );
        expect(session.isClosed).toBe(false);
      },
    ),
    { numRuns: 60 },
  );
});
