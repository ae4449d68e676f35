import { defineErrors, quote } from "./define.ts";

/** Failures that a device or the way to it causes. */
export const deviceErrors = defineErrors({
  ConnectFailed: {
    retry: "newSession",
    when: "The device could not be reached: no route, refused, name unknown, or the connection broke before login.",
    remedy: "Check host and port in the pool, and that the workers' network may reach them.",
    message: (e: { device: string; address: string; why: string }) =>
      `${e.device} could not be reached at ${e.address}: ${e.why}.`,
  },
  ConnectTimeout: {
    retry: "newSession",
    when: "The device did not answer, or did not finish the login, within the time limit.",
    remedy: "Check the path to the device; driver.args has the limits for slow ones.",
    message: (e: { device: string; stage: string; waitedMs: number }) =>
      `${e.device} did not finish ${e.stage} within ${e.waitedMs} ms.`,
  },
  AuthFailed: {
    retry: "never",
    when: "The device refused the credential.",
    remedy:
      "Correct the Secret that the pool's credential names; running workers see the new value within a minute.",
    message: (e: { device: string; username: string; methods: string; withCode?: boolean }) =>
      `${e.device} refused user ${e.username} (tried: ${e.methods}).` +
      (e.withCode
        ? " The credential has one-time codes: a server takes each code only once, also from another process, and both clocks have to agree."
        : ""),
  },
  LoginPaused: {
    retry: "never",
    when: "The device refused this credential a moment ago; it is not tried again for a while so that the account is not locked.",
    remedy: "Correct the Secret that the pool's credential names; a changed credential is tried at once.",
    message: (e: { device: string; username: string; refusals: number; leftMs: number }) =>
      `${e.device} refused user ${e.username} ${e.refusals} times; the next attempt is in ${Math.ceil(e.leftMs / 1000)} s.`,
  },
  TelnetNotAllowed: {
    retry: "never",
    when: "A device is to be reached by Telnet, which sends passwords in the clear and proves nothing about the device, and the pool does not allow that.",
    remedy: "Use SSH, or set the host key policy of the device to Insecure, which allows Telnet.",
    message: (e: { device: string }) =>
      `${e.device} would be reached by Telnet, which its pool does not allow (host key policy Strict).`,
  },
  HttpNotAllowed: {
    retry: "never",
    when: "A device is to be reached by HTTP without TLS, which sends passwords in the clear and proves nothing about the device, and the pool does not allow that.",
    remedy: "Use https, or set the host key policy of the device to Insecure, which allows HTTP.",
    message: (e: { device: string }) =>
      `${e.device} would be reached by HTTP without TLS, which its pool does not allow (host key policy Strict).`,
  },
  PlatformUnknown: {
    retry: "never",
    when: "There is no such device type, or autodetection did not recognise the device.",
    remedy: "Set driver.args.device_type to one that `netpulse platforms list` shows.",
    message: (e: { device: string; why: string }) => `${e.device}: ${e.why}.`,
  },
  HostKeyChanged: {
    retry: "never",
    when: "The device's SSH host key is not one of those in the pool; nothing was sent, no password either.",
    remedy: "If the device was really replaced, put the new fingerprint into the pool.",
    message: (e: { device: string; got: string; known: readonly string[] }) =>
      `${e.device} showed host key ${e.got}, which is not in the pool (${e.known.join(", ") || "no fingerprint is listed"}).`,
  },
  NoCommonAlgorithm: {
    retry: "never",
    when: "The device offers only SSH algorithms that are not allowed.",
    remedy: "Allow the older preset in driver.args if the device cannot be upgraded.",
    message: (e: { device: string; why: string }) =>
      `${e.device} and this driver share no SSH algorithm: ${e.why}.`,
  },
  SessionClosed: {
    retry: "newSession",
    when: "The device closed the session while something was still awaited.",
    remedy: "Look at the device's log; the last text it sent is in the message.",
    message: (e: { device: string; tail: string }) =>
      `${e.device} closed the session; the last text was ${quote(e.tail)}.`,
  },
  PromptNotFound: {
    retry: "newSession",
    when: "The device did not return to a prompt that the platform knows.",
    remedy:
      "Give the command more time with readTimeoutSeconds, answer its question with a dialogue, or set driver.args.promptPattern.",
    message: (e: { device: string; waitedMs: number; tail: string }) =>
      `${e.device} did not return to a known prompt within ${e.waitedMs} ms; the last text was ${quote(e.tail)}.`,
  },
  UnexpectedQuestion: {
    retry: "newSession",
    when: "The device asked something that the command has no answer for; nothing was answered.",
    remedy: "Add a dialogue with the expected question and its answer to the command.",
    message: (e: { device: string; command: string; question: string }) =>
      `${e.device} answered ${quote(e.command)} with a question: ${quote(e.question)}. Nothing was answered.`,
  },
  EnableFailed: {
    retry: "never",
    when: "The privileged mode could not be entered.",
    remedy:
      "Put the enable password into the credential's Secret under the key `secret`, or leave enableMode out.",
    message: (e: { device: string; why: string }) =>
      `${e.device} did not enter the privileged mode: ${e.why}.`,
  },
  CommandRejected: {
    retry: "never",
    when: "The device answered a command with an error.",
    remedy: "Correct the command; the device's answer is in the output.",
    message: (e: { device: string; command: string; answer: string }) =>
      `${e.device} rejected ${quote(e.command)}: ${quote(e.answer)}.`,
  },
  ConfigRejected: {
    retry: "never",
    when: "The device refused a configuration line; nothing after it was sent, nothing was committed or saved.",
    remedy: "Correct the line; the results list what was accepted before it.",
    message: (e: { device: string; number: number; line: string; answer: string }) =>
      `${e.device} rejected line ${e.number} ${quote(e.line)}: ${quote(e.answer)}.`,
  },
  ConfigModeFailed: {
    retry: "never",
    when: "The configuration mode could not be entered, was left unexpectedly, or is held by somebody else.",
    remedy: "See the device's answer in the message; release the lock or finish the other change first.",
    message: (e: { device: string; why: string }) => `${e.device}: ${e.why}.`,
  },
  CommitFailed: {
    retry: "never",
    when: "The device refused to commit; the candidate was discarded.",
    remedy: "The device's answer is in the message.",
    message: (e: { device: string; answer: string }) => `${e.device} did not commit: ${quote(e.answer)}.`,
  },
  SaveFailed: {
    retry: "never",
    when: "The change is in force, but the device did not confirm that it saved its configuration.",
    remedy: "Save by hand, or run a job with the platform's save command.",
    message: (e: { device: string; answer: string }) =>
      `${e.device} did not save its configuration: ${quote(e.answer)}.`,
  },
  VerificationFailed: {
    retry: "never",
    when: "A check after the change did not hold.",
    remedy:
      "The message names the check, and a note of the result says whether the change is in force; with commit.confirmTimeoutSeconds the device takes it back by itself.",
    message: (e: { device: string; command: string; why: string }) =>
      `${e.device}: the check ${quote(e.command)} failed: ${e.why}.`,
  },
  OperationTimeout: {
    retry: "newSession",
    when: "A command took longer than its time limit.",
    remedy: "Raise readTimeoutSeconds, or find out why the device is slow.",
    message: (e: { device: string; command: string; waitedMs: number }) =>
      `${e.device} did not finish ${quote(e.command)} within ${e.waitedMs} ms.`,
  },
  OperationAborted: {
    retry: "never",
    when: "The job was cancelled, ran out of time, or this worker may no longer touch devices.",
    remedy: "Nothing; the job's condition says which.",
    message: (e: { device: string; why: string }) => `${e.device}: stopped, ${e.why}.`,
  },
  CertificateRejected: {
    retry: "never",
    when: "The device showed a TLS certificate that is not trusted; nothing was sent, no password either.",
    remedy:
      "Put the certificate of the device's authority into the credential's Secret under the key `ca.crt`, or pin the certificate's fingerprint in the pool's hostKeys or in driver.args.certificate_fingerprints. Replace a certificate that has expired.",
    message: (e: { device: string; why: string; shown: string }) =>
      `The certificate of ${e.device} is not trusted: ${e.why}. Its fingerprint is ${e.shown}. Put the authority's certificate into the ` +
      "credential's Secret as ca.crt, or pin the fingerprint in driver.args.certificate_fingerprints.",
  },
  ReplyInvalid: {
    retry: "newSession",
    when: "The device answered a request with something that is no answer to it.",
    remedy:
      "Check that host, port and path are those of the device's API; the message has the beginning of the answer.",
    message: (e: { device: string; why: string }) =>
      `${e.device} answered with something unexpected: ${e.why}.`,
  },
  ReplyTooLarge: {
    retry: "never",
    when: "The device's reply is larger than a worker may hold.",
    remedy: "Ask for less, or for text, which is passed on as it arrives.",
    message: (e: { device: string; limitBytes: number }) =>
      `${e.device} answered with more than ${e.limitBytes} bytes.`,
  },
  CommandUnauthorised: {
    retry: "never",
    when: "The device does not allow this user to run the command.",
    remedy: "Give the user the role or privilege for it, or use another credential.",
    message: (e: { device: string; command: string; answer: string }) =>
      `${e.device} does not allow ${quote(e.command)}: ${e.answer}.`,
  },
  CommandNotConverted: {
    retry: "never",
    when: "The device has no structured form of the command's output.",
    remedy: "Ask for text: driver.args.encoding: text.",
    message: (e: { device: string; command: string; answer: string }) =>
      `${e.device} cannot give ${quote(e.command)} as JSON: ${e.answer}. Set driver.args.encoding: text.`,
  },
  ApiUnsupported: {
    retry: "never",
    when: "The device's API does not know the request or one of its parameters, or the command may not be used with it.",
    remedy: "Leave out the parameter that the message names, or upgrade the device.",
    message: (e: { device: string; answer: string }) =>
      `${e.device} does not support the request: ${e.answer}.`,
  },
  DeviceFailed: {
    retry: "never",
    when: "The device reported an error of its own while it ran a command.",
    remedy: "Look at the device's log; the message has what it said.",
    message: (e: { device: string; command: string; answer: string }) =>
      `${e.device} failed while it ran ${quote(e.command)}: ${e.answer}.`,
  },
  CallInvalid: {
    retry: "never",
    when: "A method was called with arguments that it cannot take; nothing was sent for it.",
    remedy: "Correct the call; the driver's reference lists the methods with their parameters.",
    message: (e: { method: string; why: string }) => `${e.method}: ${e.why}.`,
  },
  DriverFailed: {
    retry: "newSession",
    when: "The driver failed in a way that it has no name for.",
    remedy: "Report it with the message; the session was dropped.",
    message: (e: { device: string; why: string }) => `${e.device}: the driver failed: ${e.why}.`,
  },
});
