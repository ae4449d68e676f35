import fc from "fast-check";
import { expect, test } from "vitest";
import { LoginGate, type LoginRequest, usualLimits } from "./login-gate.ts";

function request(host: string, credential = "c1"): LoginRequest {
  return { device: host, host, username: "admin", credential };
}

const refusedAlways = () => true;

test("a refused credential rests, longer each time, and nothing is sent meanwhile", async () => {
  let now = 0;
  let attempts = 0;
  const gate = new LoginGate({ ...usualLimits, firstPauseMs: 1000, longestPauseMs: 3000 }, () => now);
  const login = () => {
    attempts++;
    return Promise.reject(new Error("refused"));
  };
  const attempt = () => gate.run(request("r1"), login, refusedAlways);

  await expect(attempt()).rejects.toThrow("refused");
  await expect(attempt()).rejects.toMatchObject({ code: "LoginPaused" });
  now = 1001;
  await expect(attempt()).rejects.toThrow("refused");
  now = 2500;
  await expect(attempt()).rejects.toMatchObject({ code: "LoginPaused" });
  now = 3100;
  await expect(attempt()).rejects.toThrow("refused");
  expect(attempts).toBe(3);
});

test("a corrected credential and another device are tried at once, and a success forgets", async () => {
  const gate = new LoginGate(usualLimits, () => 0);
  await expect(
    gate.run(request("r1"), () => Promise.reject(new Error("refused")), refusedAlways),
  ).rejects.toThrow();
  await expect(gate.run(request("r1", "c2"), () => Promise.resolve("in"), refusedAlways)).resolves.toBe("in");
  await expect(gate.run(request("r2"), () => Promise.resolve("in"), refusedAlways)).resolves.toBe("in");
});

test("a failure that is no refusal does not count", async () => {
  const gate = new LoginGate(usualLimits, () => 0);
  const fail = () =>
    gate.run(
      request("r1"),
      () => Promise.reject(new Error("reset")),
      () => false,
    );
  await expect(fail()).rejects.toThrow("reset");
  await expect(fail()).rejects.toThrow("reset");
});

test("never more logins at once than allowed, and every one gets its turn", async () => {
  const hosts = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(
      hosts,
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 4 }),
      async (list, perHost, perProcess) => {
        const gate = new LoginGate({ ...usualLimits, perHost, perProcess });
        const running = new Map<string, number>();
        let total = 0;
        const done = await Promise.all(
          list.map((host) =>
            gate.run(
              request(host),
              async () => {
                running.set(host, (running.get(host) ?? 0) + 1);
                total++;
                expect(running.get(host)).toBeLessThanOrEqual(perHost);
                expect(total).toBeLessThanOrEqual(perProcess);
                await Promise.resolve();
                running.set(host, (running.get(host) ?? 0) - 1);
                total--;
                return host;
              },
              refusedAlways,
            ),
          ),
        );
        expect(done).toEqual(list);
      },
    ),
  );
});
