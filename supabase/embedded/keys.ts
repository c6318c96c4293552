import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { z } from "zod/mini";
import { StackError } from "./stack-error.ts";

const schema = z.object({
  publishableKey: z.string().check(z.startsWith("sb_publishable_")),
  secretKey: z.string().check(z.startsWith("sb_secret_")),
  /** HS256, at least 256 bits. */
  jwtSecret: z.string().check(z.minLength(32)),
  databasePassword: z.string().check(z.minLength(16)),
  demoPassword: z.string().check(z.minLength(8)),
});

const REMEDY = "Put it back from a backup, or run `npm run stack:reset`, which deletes the data.";

/** The secrets of one data folder. */
export type Keys = z.infer<typeof schema>;

/** Reads the secrets, or makes random ones at the first start: whole or not at all, readable by us only. */
export function loadKeys(dataDir: string): Keys {
  const file = join(dataDir, "keys.json");
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    if (existsSync(join(dataDir, "postgres/PG_VERSION"))) {
      throw new StackError(
        `${file} is missing, and without it nobody gets into the database beside it. ${REMEDY}`,
      );
    }
    return writeKeys(file, makeKeys());
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new StackError(`${file} is damaged. ${REMEDY}`, { cause });
  }
}

function makeKeys(): Keys {
  const random = (bytes: number) => randomBytes(bytes).toString("base64url");
  return {
    publishableKey: `sb_publishable_${random(24)}`,
    secretKey: `sb_secret_${random(24)}`,
    jwtSecret: random(48),
    databasePassword: random(24),
    demoPassword: random(9),
  };
}

function writeKeys(file: string, keys: Keys): Keys {
  const draft = `${file}.new`;
  const descriptor = openSync(draft, "w", 0o600);
  writeSync(descriptor, JSON.stringify(keys, null, 2));
  fsyncSync(descriptor);
  closeSync(descriptor);
  renameSync(draft, file);
  return keys;
}
