import { defineErrors, quote } from "./define.ts";

/** Failures of logins that need more than a user name and a password. */
export const loginErrors = defineErrors({
  PasswordExpired: {
    retry: "never",
    when: "The device took the password and asks for a new one. Passwords are never changed by a job; nothing was answered.",
    remedy:
      "Change the password on the device by hand, put the new one into the Secret that the pool's credential names, and run the job again.",
    message: (e: { device: string; username: string; question: string }) =>
      `${e.device} wants user ${e.username} to change the password: ${quote(e.question)}. Nothing was answered; change it by hand ` +
      "and put the new one into the credential's Secret.",
  },
  LoginQuestion: {
    retry: "never",
    when: "The device asked something during the login that nothing in the credential or the driver's arguments answers; nothing was answered.",
    remedy:
      "Give the answer with driver.args.login_dialogue (expect, and send or secretKey), put `totp` or `otp` into the Secret where a one-time code is wanted, or set driver.args.duo for a menu of Duo.",
    message: (e: { device: string; question: string; hint: string }) =>
      `${e.device} asked during the login: ${quote(e.question)}. Nothing was answered; ${e.hint}.`,
  },
  OneTimeSecretInvalid: {
    retry: "never",
    when: "The key `totp` of the credential's Secret is not something that codes can be made from.",
    remedy:
      "Put the base32 text that an authenticator app would take, or the otpauth:// URI, under the key `totp`.",
    message: (e: { device: string; why: string }) =>
      `No one-time code can be made for ${e.device} from the credential's key totp: ${e.why}.`,
  },
  OneTimeCodeSpent: {
    retry: "never",
    when: "The device asked for a one-time code, and the one under the key `otp` of the credential's Secret was used already.",
    remedy:
      "Put a new code under `otp`, or the secret that codes are made from under `totp`, so that each login has its own.",
    message: (e: { device: string }) =>
      `${e.device} asked for a one-time code, and the one in the credential's key otp was used before; no code is sent twice.`,
  },
  ConsoleBusy: {
    retry: "newSession",
    when: "Somebody else holds the console line. They were not put out.",
    remedy:
      "Wait until they are done and run the job again, or set driver.args.console.force: true where the console server lets a line be taken over.",
    message: (e: { device: string; server: string; said: string }) =>
      `The console line of ${e.device} on ${e.server} is in use: ${quote(e.said)}.`,
  },
  ConsoleSilent: {
    retry: "newSession",
    when: "The console line was reached, and the device did not answer on it.",
    remedy:
      "Check that the device is powered and that the line, its speed and its cable are the right ones; driver.args.console.wake says what wakes it.",
    message: (e: { device: string; server: string; tries: number }) =>
      `${e.device} gave no sign of life on its console line at ${e.server} after ${e.tries} attempts to wake it.`,
  },
  AgentNotAllowed: {
    retry: "never",
    when: "An SSH agent's socket is outside the folders that this worker allows.",
    remedy:
      "Put the socket into a folder of plugins.drivers.netmiko.agentFolders in config.yaml, and mount it there with the pool's workers.podTemplate.",
    message: (e: { device: string; path: string }) =>
      `The SSH agent ${quote(e.path)} for ${e.device} is not in a folder that this worker allows.`,
  },
});
