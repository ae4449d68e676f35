import { defineErrors } from "./define.ts";

/** Failures of NAPALM's models and compliance reports. */
export const napalmErrors = defineErrors({
  ComplianceRuleInvalid: {
    retry: "never",
    when: "A compliance rule cannot be compared with what a getter returns; nothing was changed.",
    remedy:
      "Correct the rule that the message names; docs/reference/compatibility/napalm.md says what rules may be.",
    message: (e: { why: string }) => `The compliance rules cannot be used: ${e.why}`,
  },
  ConfigLocked: {
    retry: "never",
    when: "Somebody else is changing the device's configuration, so nothing was loaded.",
    remedy:
      "Let the other change end, or discard it on the device; driver.args.lock_disable changes a platform that allows it all the same.",
    message: (e: { device: string; by: string }) =>
      `The configuration of ${e.device} is being changed by somebody else: ${e.by}.`,
  },
  CommitPending: {
    retry: "never",
    when: "A commit on the device still waits to be confirmed, so no other can be begun.",
    remedy: "Call confirm_commit or rollback for it, or wait until the device takes it back.",
    message: (e: { device: string }) => `${e.device} has a commit that waits to be confirmed.`,
  },
  NoCommitPending: {
    retry: "never",
    when: "A commit was to be confirmed, and the device has none that waits: it may have been taken back already.",
    remedy: "Look at the running configuration, and make the change again if it is gone.",
    message: (e: { device: string }) => `${e.device} has no commit that waits to be confirmed.`,
  },
  XmlAgentUnavailable: {
    retry: "never",
    when: "An IOS-XR router did not begin its XML agent, over which the platform iosxr asks everything.",
    remedy:
      "Configure `xml agent tty iteration off` on the router and let the user use it, or use the platform iosxr_netconf.",
    message: (e: { device: string; answer: string }) =>
      `${e.device} did not begin its XML agent: ${e.answer || "it answered with its prompt"}. ` +
      "Configure `xml agent tty iteration off` on it.",
  },
  NothingLoaded: {
    retry: "never",
    when: "A configuration was to be committed, and none was loaded in this session.",
    remedy:
      "Load one first in the same session. A job's config does it all in one; calls of several jobs need strategy Pinned.",
    message: (e: { device: string }) => `No configuration is loaded for ${e.device}.`,
  },
  RevertTimeInvalid: {
    retry: "never",
    when: "The time after which a commit is to be taken back is none that the platform has.",
    remedy: "Set commit.confirmTimeoutSeconds or revert_in to one of the times in the message.",
    message: (e: { device: string; asked: number; allowed: string }) =>
      `${e.device} cannot take a commit back after ${e.asked} s: ${e.allowed}.`,
  },
  ArchiveDisabled: {
    retry: "never",
    when: "The device takes commits back by itself only with its configuration archive, which is not on; nothing was changed.",
    remedy:
      "Configure `archive` with a `path` on the device, or leave out commit.confirmTimeoutSeconds, revert_in and auto_rollback_on_error.",
    message: (e: { device: string }) =>
      `${e.device} has no configuration archive, without which it cannot take a commit back by itself.`,
  },
  NoWayBack: {
    retry: "never",
    when: "The running configuration could not be kept before a commit, so there would have been no way back; nothing was changed.",
    remedy:
      "See what the device said: most often its flash is full or read-only. driver.args.dest_file_system names another place.",
    message: (e: { device: string; answer: string }) =>
      `${e.device} did not keep its running configuration as a way back: ${JSON.stringify(e.answer)}.`,
  },
  CommitOfAnother: {
    retry: "never",
    when: "The commit that waits to be confirmed was made by another user, so it was neither confirmed nor taken back.",
    remedy: "Leave it to that user, or wait until the device takes it back.",
    message: (e: { device: string; by: string }) =>
      `The commit that waits on ${e.device} is not ours: ${e.by} made it.`,
  },
  FileSystemUnknown: {
    retry: "never",
    when: "The device did not say where it keeps files, so nothing was loaded.",
    remedy: "Set driver.args.dest_file_system, such as `flash:`.",
    message: (e: { device: string }) => `${e.device} did not say on which file system it keeps files.`,
  },
  ModelInvalid: {
    retry: "never",
    when: "The device's answer does not have the fields or values that a getter reads; nothing is guessed.",
    remedy:
      "The message names the getter and the field. Run the command itself to see what this release of the device answers.",
    message: (e: { device: string; getter: string; why: string }) =>
      `${e.getter} cannot be made of what ${e.device} answered: ${e.why}.`,
  },
});
