import { z } from "zod";
import { atomicList, label, objectName, text, withRules } from "../schema.ts";

const volumeFile = z.strictObject({
  name: label.describe("A volume of worker.volumes in the configuration."),
  path: text(512).min(1).describe("Below the volume; {device} stands for the device's name."),
});

const source = withRules(
  z.strictObject({
    configMap: z
      .strictObject({ name: objectName, key: text(253).min(1).optional() })
      .optional()
      .describe("A key of a ConfigMap, or with recursive all keys as the files of a folder."),
    volume: volumeFile.optional().describe("A file of a volume of the worker, or with recursive a folder."),
    url: text(2048).min(1).optional().describe("An address below one of worker.transfer.urls."),
    sha256: z
      .string()
      .max(64)
      .regex(/^[0-9a-fA-F]{64}$/)
      .optional()
      .describe("The content must have this digest, or nothing is sent."),
  }),
  {
    rule: "(has(self.configMap) ? 1 : 0) + (has(self.volume) ? 1 : 0) + (has(self.url) ? 1 : 0) == 1",
    message: "set exactly one of configMap, volume and url",
  },
);

const remotePath = text(1024).min(1).describe("Path on the device, such as /etc/motd or flash:image.bin.");

const put = z.strictObject({
  path: remotePath,
  from: source.describe("Where the file comes from."),
  mode: z
    .string()
    .max(5)
    .regex(/^0?[0-7]{3,4}$/)
    .optional()
    .describe("Permission bits of files, in octal; absent: those of the file that is replaced, else 0644."),
});

const get = z.strictObject({
  path: remotePath,
  to: withRules(
    z.strictObject({
      output: z
        .strictObject({})
        .optional()
        .describe("The result: text inline, what is large or no text in NetOutputs."),
      volume: volumeFile.optional().describe("A file of a volume of the worker, which must be writable."),
    }),
    {
      rule: "has(self.output) != has(self.volume)",
      message: "set exactly one of output ({}) and volume",
    },
  ).describe("Where the file goes."),
});

const file = withRules(
  z.strictObject({
    put: put.optional().describe("To the device."),
    get: get.optional().describe("From the device."),
    recursive: z
      .boolean()
      .optional()
      .describe("Carry a folder with what is in it; symbolic links are left out."),
    overwrite: z
      .enum(["Always", "IfDifferent", "Never"])
      .default("Always")
      .describe("What to do with a target that is there already."),
    checksum: z
      .enum(["Auto", "Off"])
      .default("Auto")
      .describe("Auto compares digests of both ends where the device can make one; Off compares sizes."),
  }),
  { rule: "has(self.put) != has(self.get)", message: "set exactly one of put and get for each file" },
  {
    rule: "!has(self.put) || has(self.recursive) && self.recursive || !has(self.put.from.configMap) || has(self.put.from.configMap.key)",
    message: "name the key of the ConfigMap, or set recursive to put all of its keys as files of a folder",
  },
  {
    rule: "!has(self.recursive) || !self.recursive || !has(self.put) || !has(self.put.from.url) && !has(self.put.from.sha256)",
    message: "recursive carries folders: a url and a sha256 are of a single file",
  },
  {
    rule: "!has(self.recursive) || !self.recursive || !has(self.get) || has(self.get.to.volume)",
    message: "a folder can be fetched to a volume only",
  },
);

/** Files to and from a device. */
export const transferFields = z.strictObject({
  protocol: z
    .enum(["Auto", "Sftp", "Scp"])
    .default("Auto")
    .describe("Auto takes SFTP where the device has it, else SCP."),
  limitKiBPerSecond: z.int().min(1).max(10_485_760).optional().describe("Highest rate for each device."),
  files: atomicList(file, 64).min(1).describe("Carried in this order; the first failure ends it."),
});
export type TransferSpec = z.infer<typeof transferFields>;
export type TransferFile = TransferSpec["files"][number];

/** How one file of `transfer.files` went. */
export const transferOutcome = z.strictObject({
  direction: z.enum(["put", "get"]),
  path: text(1024),
  protocol: z.enum(["Sftp", "Scp"]).optional(),
  bytes: z.int().min(0).optional().describe("Of all files together."),
  files: z.int().min(0).optional().describe("Files that were carried over."),
  sha256: text(64).optional().describe("Digest at the worker's end, of a single file."),
  deviceDigest: text(80)
    .optional()
    .describe("What the device said, such as md5:9e107d9d372bb6826bd81d3542a419d6."),
  verified: z
    .enum(["sha256", "md5", "size"])
    .optional()
    .describe("The weakest proof of all files that both ends have the same."),
  resumedBytes: z.int().min(1).optional().describe("What an earlier attempt had carried over already."),
  skipped: text(512).optional().describe("Why nothing was carried over."),
  leftOut: atomicList(text(1024), 128).optional().describe("What of a folder was left out, with the reason."),
  durationMilliseconds: z.int().min(0).optional(),
});
export type TransferOutcome = z.infer<typeof transferOutcome>;

/** How far a transfer is; kept while it lasts. */
export const transferProgress = z.strictObject({
  path: text(1024),
  bytes: z.int().min(0),
  total: z.int().min(0).describe("Of this file or folder; as far as it is known."),
});
export type TransferProgress = z.infer<typeof transferProgress>;
