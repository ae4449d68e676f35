import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { existsSync } from "node:fs";
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { LoginAnswers } from "./login-answers.ts";
import { CodeLedger } from "./one-time-password/code-ledger.ts";
import { connectSsh, type SshTarget } from "./ssh.ts";
import { PresetMemory } from "./ssh-preset.ts";
import { type LoginServer, type LoginStage, loginServer } from "./test-login-server.ts";

const TOTP = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const open: { close(): unknown }[] = [];

afterEach(async () => {
  vi.useRealTimers();
  for (const started of open.splice(0)) await started.close();
});

async function serve(...args: Parameters<typeof loginServer>): Promise<LoginServer> {
  const server = await loginServer(...args);
  open.push(server);
  return server;
}

function target(server: LoginServer, data: Record<string, string>, more: Partial<SshTarget> = {}): SshTarget {
  const { password, "ssh-privatekey": privateKey } = data;
  return {
    device: "r1",
    host: "127.0.0.1",
    port: server.port,
    credential: { username: "admin", data, ...(password && { password }), ...(privateKey && { privateKey }) },
    hostKeys: { policy: "Insecure" },
    limits: { connectMs: 10_000, bannerMs: 10_000, authMs: 10_000 },
    algorithms: "modern",
    ...more,
  };
}

async function login(...args: Parameters<typeof target>): Promise<void> {
  const connection = await connectSsh(target(...args));
  connection.close();
  await connection.closed;
}

/** Codes of moments that lie a day apart, so that no test waits for another's time step. */
let days = 0;
function oneDayLater(): CodeLedger {
  const day = ++days * 86_400_000;
  return new CodeLedger({ now: () => day, wait: () => Promise.resolve() });
}

async function codesFor(data: Record<string, string>, ledger = oneDayLater()) {
  return ledger.turn({ device: "r1", credentials: [{ data }] });
}

const password = (word: string): LoginStage => ({
  method: "password",
  accepts: (context) => context.method === "password" && context.password === word,
});
const anyKey: LoginStage = { method: "publickey", accepts: () => true };
const asks = (
  ...expected: readonly (readonly [question: string, answer: string | RegExp])[]
): LoginStage => ({
  method: "keyboard-interactive",
  accepts: async (_context, ask) => {
    for (const [question, wanted] of expected) {
      const [given = ""] = await ask([question]);
      if (typeof wanted === "string" ? given !== wanted : !wanted.test(given)) return false;
    }
    return true;
  },
});

test("a code is given where one is asked for, after the password", async () => {
  const server = await serve([asks(["Password: ", "word"], ["Verification code: ", /^\d{6}$/])]);
  const data = { password: "word", totp: TOTP };
  await login(server, data, { codes: await codesFor(data) });
  expect(server.attempts).toEqual(["keyboard-interactive"]);
});

test("a refused code is not tried again, by no other method and on no other connection", async () => {
  const server = await serve([asks(["Password: ", "word"], ["Passcode: ", "000000"])], {
    also: ["password"],
  });
  await expect(login(server, { password: "word", totp: TOTP })).rejects.toMatchObject({ code: "AuthFailed" });
  expect(server.attempts).toEqual(["keyboard-interactive"]);
  expect(server.secrets).toHaveLength(2);
  expect(server.connections).toBe(1);
});

test("a code that is asked for twice in one login was refused, unless the next one is wanted", async () => {
  const data = { totp: TOTP };
  const again = await serve([asks(["Enter PASSCODE: ", /\d/], ["Enter PASSCODE: ", /\d/])]);
  await expect(login(again, data, { codes: await codesFor(data) })).rejects.toMatchObject({
    code: "AuthFailed",
  });
  expect(again.secrets).toHaveLength(1);

  let now = 86_400_000;
  const ledger = new CodeLedger({
    now: () => now,
    wait: (ms) => {
      now += ms;
      return Promise.resolve();
    },
  });
  const next = await serve([
    asks(["Enter PASSCODE: ", /\d/], ["Wait for the token to change, then enter the new tokencode: ", /\d/]),
  ]);
  await login(next, data, { codes: await codesFor(data, ledger) });
  expect(new Set(next.secrets).size).toBe(2);
});

test("the password may carry the code", async () => {
  const data = { password: "word", totp: TOTP };
  const server = await serve([{ method: "password", accepts: () => true }]);
  await login(server, data, {
    codes: await codesFor(data),
    manner: { passwordTemplate: "{password},{otp}" },
  });
  expect(server.secrets).toEqual([expect.stringMatching(/^word,\d{6}$/)]);
});

test("a login falls back to older algorithms before anything secret was sent, and to nothing after", async () => {
  const algorithms = { cipher: ["aes128-cbc"], kex: ["diffie-hellman-group14-sha1"], hmac: ["hmac-sha1"] };
  const data = { password: "word", totp: TOTP };
  const attempts = async (stage: LoginStage) => {
    const server = await serve([stage], { algorithms: algorithms as never });
    const codes = await codesFor(data);
    const outcome = await new PresetMemory()
      .connect(
        "r1",
        "legacy",
        (preset) => login(server, data, { algorithms: preset, codes }),
        () => {},
      )
      .catch((error: { code: string }) => error.code);
    return { server, outcome };
  };
  const good = await attempts(asks(["OTP: ", /^\d{6}$/]));
  expect(good).toMatchObject({
    outcome: undefined,
    server: { connections: 3, attempts: ["keyboard-interactive"] },
  });
  expect(good.server.secrets).toHaveLength(1);

  const liar = await attempts({
    method: "keyboard-interactive",
    accepts: async (context, ask) => {
      await ask(["OTP: "]);
      // A server that ends the login in the words of a failed negotiation.
      context.reject();
      return false;
    },
  });
  expect(liar.outcome).toBe("AuthFailed");
  expect(liar.server.secrets).toHaveLength(1);
});

test("a server may want a key, a password and a code, in any order and one at a time", async () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const data = {
    password: "word",
    totp: TOTP,
    "ssh-privatekey": privateKey.export({ type: "pkcs1", format: "pem" }).toString(),
  };
  const stages = [anyKey, password("word"), asks(["Verification code: ", /^\d{6}$/])];
  for (const order of [stages, stages.toReversed()]) {
    const server = await serve(order);
    await login(server, data, { codes: await codesFor(data) });
    expect(server.attempts).toEqual(order.map(({ method }) => method));
  }
});

test("a password that the server has taken may be asked for again in a later stage; a refused one may not", async () => {
  const taken = await serve([password("word"), asks(["Password: ", "word"])]);
  await login(taken, { password: "word" });
  expect(taken.attempts).toEqual(["password", "keyboard-interactive"]);

  const refused = await serve([password("other")], { also: ["keyboard-interactive"] });
  await expect(login(refused, { password: "word" })).rejects.toMatchObject({ code: "AuthFailed" });
  expect(refused.secrets).toEqual(["word"]);
});

test("a push is waited for longer than a login", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const limits = { connectMs: 10_000, bannerMs: 10_000, authMs: 10_000, pushMs: 60_000 };
  const pushed: LoginStage = {
    method: "keyboard-interactive",
    accepts: async (_context, ask) => {
      await ask([], "Autopushing login request to phone...");
      // Somebody takes longer to find the phone than a login may last.
      await vi.advanceTimersByTimeAsync(30_000);
      return true;
    },
  };
  await login(await serve([pushed]), { password: "word" }, { limits });
  await expect(
    login(await serve([pushed]), { password: "word" }, { limits: { ...limits, pushMs: 20_000 } }),
  ).rejects.toMatchObject({ code: "ConnectTimeout" });
});

const MENU =
  "Duo two-factor login for admin\n\nEnter a passcode or select one of the following options:\n\n 1. Phone call to XXX-1234\n 2. Duo Push to XXX-1234\n\nPasscode or option (1-2): ";

test.each([
  [{ manner: { duo: "push" } }, { password: "word" }, "2"],
  [{ manner: { duo: "phone" } }, { password: "word" }, "1"],
  [{ manner: { duo: "1" } }, { password: "word" }, "1"],
  [{}, { password: "word", totp: TOTP }, /^\d{6}$/],
])("a menu of Duo is answered as the arguments say, or with a code: %j", async (more, data, answer) => {
  const server = await serve([asks([MENU, answer])]);
  await login(server, data, { ...more, codes: await codesFor(data) });
});

test.each([
  ["Passcode or option (1-2): ", /duo to push or phone/],
  ["Verification code: ", /put `totp`/],
  ["What is your favourite colour? ", /login_dialogue/],
  ["Do you accept (yes/no)? ", /login_dialogue/],
])("what nothing answers is not answered: %s", async (question, hint) => {
  const server = await serve([asks([question, ""])]);
  await expect(login(server, { password: "word" })).rejects.toMatchObject({
    code: "LoginQuestion",
    message: expect.stringMatching(hint),
  });
  expect(server.secrets).toEqual([]);
});

test("a dialogue answers what it names, once, and a code where it names the secret of codes", async () => {
  const data = { password: "word", colour: "blue\n", totp: TOTP };
  const dialogue = [
    { expect: "accept", send: "yes" },
    { expect: "colour", secretKey: "colour" },
    { expect: "magic", secretKey: "totp" },
  ];
  const stage = asks(
    ["Do you accept (yes/no)? ", "yes"],
    ["Colour? ", "blue"],
    ["Magic number: ", /^\d{6}$/],
  );
  await login(await serve([stage]), data, { codes: await codesFor(data), manner: { dialogue } });
  const twice = await serve([asks(["Do you accept? ", "yes"], ["Do you accept? ", "yes"])]);
  await expect(
    login(twice, data, { manner: { dialogue }, codes: await codesFor(data) }),
  ).rejects.toMatchObject({ code: "LoginQuestion" });
});

test.each<[string, LoginStage]>([
  ["by name", asks(["Password: ", "word"], ["New password: ", "x"])],
  [
    "after saying so",
    {
      method: "keyboard-interactive",
      accepts: async (_context, ask) => {
        await ask(["Current password: "], "You are required to change your password immediately.");
        return false;
      },
    },
  ],
  [
    "by the method's own request",
    {
      method: "password",
      accepts: (context) =>
        new Promise<boolean>(() => {
          if (context.method === "password")
            context.requestChange("Password expired, enter a new one", () => {});
        }),
    },
  ],
])("a new password is never given: asked for %s", async (_how, stage) => {
  const server = await serve([stage]);
  await expect(login(server, { password: "word" })).rejects.toMatchObject({
    code: "PasswordExpired",
    message: expect.stringContaining("admin"),
  });
  expect(server.secrets.filter((secret) => secret !== "word")).toEqual([]);
});

test.each(["Too many authentication failures", "Authentication failed.", "Access denied"])(
  "a server that hangs up on a refused password has refused it: %s",
  async (reason) => {
    const refuses: LoginStage = {
      method: "password",
      accepts: (_context, _ask, hangUp) => {
        hangUp(reason);
        return new Promise<boolean>(() => {});
      },
    };
    const server = await serve([refuses]);
    await expect(login(server, { password: "word" })).rejects.toMatchObject({
      code: "AuthFailed",
      message: expect.stringContaining("password"),
    });
  },
);

test("a server that hangs up with what it was told is not quoted with it", async () => {
  const server = await serve([
    {
      method: "password",
      accepts: (_context, _ask, hangUp) => {
        hangUp("the password word-of-mine is too old");
        return false;
      },
    },
  ]);
  const error: Error = await login(server, { password: "word-of-mine" }).then(
    () => new Error("it logged in"),
    (failure: Error) => failure,
  );
  expect(error).toMatchObject({ code: "ConnectFailed", message: expect.stringContaining("is too old") });
  expect(`${error.message} ${String(error.cause)}`).not.toContain("word-of-mine");
});

test("no message of a failed login has a secret in it, whatever the server repeats", async () => {
  const words = fc.string({ minLength: 4, maxLength: 12, unit: fc.constantFrom(..."abcXYZ0189") });
  await fc.assert(
    fc.asyncProperty(words, words, fc.boolean(), async (word, otp, expired) => {
      const credential = { username: "nn", password: word, data: { password: word, otp } };
      const codes = await new CodeLedger().turn({ device: "..", credentials: [credential] });
      const answers = new LoginAnswers({ device: "..", credential, codes, method: "--" });
      const code = answers.answer("OTP: ", "");
      if (code && "later" in code) await code.later();
      const echoed = `~ ${word} ~ ${otp} ~`;
      const last = expired
        ? answers.answer(`New password (not ${echoed}): `, `Password expired: ${echoed}`)
        : answers.unanswered(`You said ${echoed}?`, "");
      const message = last && "fail" in last ? last.fail().message : "";
      const shown = message.replace(/^[^"]*/, "").replace(/Nothing was answered.*$/, "");
      expect(message).toContain("********");
      expect(shown.includes(word) || shown.includes(otp)).toBe(false);
    }),
    { numRuns: 200 },
  );
});

const OATHTOOL = "/usr/bin/oathtool";
describe.skipIf(!existsSync(OATHTOOL))(
  "a server that checks with oathtool (skipped where it is not installed)",
  () => {
    test.each(["sha1", "sha256", "sha512"])("lets the code of %s in", async (algorithm) => {
      const totp = `otpauth://totp/lab:admin?secret=${TOTP}&algorithm=${algorithm}&digits=8`;
      const checked: LoginStage = {
        method: "keyboard-interactive",
        accepts: async (_context, ask) => {
          const [given = ""] = await ask(["One-time password (OATH) for `admin': "]);
          const window = execFileSync(OATHTOOL, [
            `--totp=${algorithm}`,
            "--digits=8",
            "--base32",
            "--now=-30 sec",
            "--window=2",
            TOTP,
          ]);
          return window.toString().split("\n").includes(given);
        },
      };
      await login(await serve([checked]), { password: "word", totp });
    });
  },
);
