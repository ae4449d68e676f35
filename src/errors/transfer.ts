import { defineErrors, quote } from "./define.ts";

/** Failures of file transfers: at the device, at the source, and on the way. */
export const transferErrors = defineErrors({
  NoSpace: {
    retry: "never",
    when: "The device has not enough free space for the file; nothing was left there, and what the file would have replaced is as it was.",
    remedy: "Delete what is no longer needed on the device, or choose another file system in the path.",
    message: (e: { device: string; path: string; answer: string }) =>
      `${e.device} has not enough space for ${e.path}: ${e.answer}.`,
  },
  RemoteFileMissing: {
    retry: "never",
    when: "The file to fetch, or the folder to put a file in, is not on the device.",
    remedy: "Correct the path. Folders above the target are only made below a folder that is put.",
    message: (e: { device: string; path: string }) => `${e.device} has no ${e.path}.`,
  },
  RemotePermissionDenied: {
    retry: "never",
    when: "The device does not let this user read or write the path.",
    remedy: "Give the user the right to it, choose another path, or use another credential.",
    message: (e: { device: string; path: string; what: string }) =>
      `${e.device} does not let this user ${e.what} ${e.path}.`,
  },
  RemotePathUnusable: {
    retry: "never",
    when: "The path on the device cannot be used for this transfer: it is a folder where a file is meant, or its name cannot be said to the device.",
    remedy: "Correct the path; set recursive to carry a folder.",
    message: (e: { device: string; path: string; why: string }) => `${e.device}: ${quote(e.path)} ${e.why}.`,
  },
  RemoteFailure: {
    retry: "never",
    when: "The device refused a step of the transfer for a reason of its own; what the file would have replaced is as it was, or the message says what became of it.",
    remedy: "See what the device said; its log may say more.",
    message: (e: { device: string; path: string; answer: string; left?: string | undefined }) =>
      `${e.device} could not carry on with ${e.path}: ${e.answer}.${e.left === undefined ? "" : ` ${e.left}`}`,
  },
  ChecksumMismatch: {
    retry: "never",
    when: "The digests of the two ends differ after the transfer; what arrived was thrown away and what it would have replaced is as it was.",
    remedy:
      "Try again. When it stays, look for a broken disk, or for something that changes the file at the same time.",
    message: (e: {
      device: string;
      path: string;
      algorithm: string;
      here: string;
      there: string;
      left?: string | undefined;
    }) =>
      `${e.path} arrived changed: ${e.algorithm} is ${e.here} here and ${e.there} on ${e.device}.${e.left === undefined ? "" : ` ${e.left}`}`,
  },
  TransferInterrupted: {
    retry: "newSession",
    when: "The connection ended, or nothing moved for a minute, in the middle of a transfer.",
    remedy: "Run it again, or set backoffLimit: with SFTP it goes on where it was interrupted.",
    message: (e: { device: string; path: string; why: string; left?: string | undefined }) =>
      `The transfer of ${e.path} with ${e.device} was interrupted: ${e.why}.${e.left === undefined ? "" : ` ${e.left}`}`,
  },
  TransferNotSupported: {
    retry: "never",
    when: "The device or the way to it has no file transfer of the kind that is asked for.",
    remedy: "The message says what is missing and how to switch it on, where that is known.",
    message: (e: { device: string; what: string; remedy?: string | undefined }) =>
      `${e.device} has no ${e.what}.${e.remedy === undefined ? "" : ` ${e.remedy}`}`,
  },
  SourceNotFound: {
    retry: "never",
    when: "The ConfigMap, its key, or the file in the worker's volume does not exist; no device was touched.",
    remedy: "Create it, or correct the name in spec.transfer.",
    message: (e: { source: string }) => `There is no ${e.source}.`,
  },
  SourceNotAllowed: {
    retry: "never",
    when: "The worker's configuration does not allow the volume, the path or the URL; no device was touched.",
    remedy:
      "Name the volume in worker.volumes (netpulse run: --volume name=folder), or the beginning of the URL in worker.transfer.urls of config.yaml.",
    message: (e: { source: string; why: string }) => `${e.source} may not be used: ${e.why}.`,
  },
  SourceTooLarge: {
    retry: "never",
    when: "What is to be put on the device is larger than the worker's configuration allows; no device was touched.",
    remedy: "Raise worker.transfer.maxSourceMiB in config.yaml.",
    message: (e: { source: string; limitBytes: number }) =>
      `${e.source} is larger than ${e.limitBytes} bytes.`,
  },
  SourceUnavailable: {
    retry: "newSession",
    when: "The URL could not be fetched, or what came is not what the job's sha256 says; no device was touched.",
    remedy: "Look at the server of the URL; the message has its answer.",
    message: (e: { source: string; why: string }) => `${e.source} could not be used: ${e.why}.`,
  },
  SourceChanged: {
    retry: "never",
    when: "The source file was written to while it was being carried over; nothing was put under the final name.",
    remedy: "Run it again when nobody writes to the file.",
    message: (e: { path: string }) => `The source of ${e.path} changed during the transfer.`,
  },
  TransferTooLarge: {
    retry: "never",
    when: "What the device sends is larger than may be kept as an output.",
    remedy: "Fetch it to a volume (get.to.volume), or raise worker.transfer.maxOutputMiB in config.yaml.",
    message: (e: { path: string; limitBytes: number }) =>
      `${e.path} is larger than ${e.limitBytes} bytes, which is the most that is kept as an output.`,
  },
});
