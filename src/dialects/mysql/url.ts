import { readFileSync } from "node:fs";
import { serverOf } from "../url.ts";
import { RevlineError } from "../../errors.ts";

/** How TLS is wanted: the driver's own option. */
export interface Tls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly rejectUnauthorized?: boolean;
  readonly verifyIdentity?: boolean;
}

/** Where to connect, from a URL. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly socketPath: string | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: string;
  readonly ssl: Tls | string | undefined;
  /** Milliseconds. */
  readonly connectTimeout: number;
}

const CONNECT_TIMEOUT = 10_000;

function file(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new RevlineError(
      "url-invalid",
      `The file "${path}" that the database URL names cannot be read.`,
      { hint: "Check the ssl parameters of the URL.", cause: error },
    );
  }
}

function tlsFromJson(given: string): Tls {
  try {
    const parsed: unknown = JSON.parse(given);
    if (typeof parsed === "object" && parsed !== null) return parsed;
  } catch (error) {
    throw new RevlineError("url-invalid", "The parameter ssl of the database URL is no JSON.", {
      hint: 'Write ssl=true, ssl-mode=REQUIRED or ssl={"rejectUnauthorized":true}.',
      cause: error,
    });
  }
  return {};
}

const MODES: Readonly<Record<string, Tls | undefined>> = {
  DISABLED: undefined,
  DISABLE: undefined,
  FALSE: undefined,
  "0": undefined,
  PREFERRED: undefined,
  PREFER: undefined,
  REQUIRED: { rejectUnauthorized: false },
  REQUIRE: { rejectUnauthorized: false },
  "1": {},
  TRUE: {},
  VERIFY_CA: { verifyIdentity: false },
  "VERIFY-CA": { verifyIdentity: false },
  VERIFY_IDENTITY: { verifyIdentity: true },
  "VERIFY-FULL": { verifyIdentity: true },
};

/** `ssl`, `ssl-mode`, `sslmode`, `ssl-ca`, `ssl-cert`, `ssl-key`: as MySQL's own programs and the driver call them. */
function tls(params: ReadonlyMap<string, string>): Tls | string | undefined {
  const ssl = params.get("ssl");
  if (ssl?.startsWith("{") === true) return tlsFromJson(ssl);
  const mode = params.get("ssl-mode") ?? params.get("sslmode") ?? params.get("sslMode") ?? ssl;
  const files = {
    ca: params.get("ssl-ca") ?? params.get("sslca"),
    cert: params.get("ssl-cert") ?? params.get("sslcert"),
    key: params.get("ssl-key") ?? params.get("sslkey"),
  };
  const given = Object.fromEntries(
    Object.entries(files).flatMap(([name, path]) =>
      path === undefined ? [] : [[name, file(path)]],
    ),
  );
  if (mode === undefined) return Object.keys(given).length === 0 ? undefined : given;
  const upper = mode.toUpperCase();
  if (!(upper in MODES)) return mode;
  const options = MODES[upper];
  return options === undefined ? undefined : { ...options, ...given };
}

/** @throws RevlineError url-invalid */
export function targetOf(url: string): Target {
  const { host, port, user, password, database, params } = serverOf(url);
  if (database === undefined) {
    throw new RevlineError("url-invalid", "The database URL names no database.", {
      hint: "Write it as mysql://user:password@host:3306/database.",
    });
  }
  const timeout = Number(
    params.get("connectTimeout") ?? params.get("connect_timeout") ?? Number.NaN,
  );
  return {
    host: host ?? "localhost",
    port: port ?? 3306,
    socketPath: params.get("socketPath") ?? params.get("socket") ?? params.get("unix_socket"),
    user,
    password,
    database,
    ssl: tls(params),
    // a number as small as 30 is meant in seconds, as MySQL's own programs take it
    connectTimeout:
      Number.isFinite(timeout) && timeout > 0
        ? timeout < 1_000
          ? timeout * 1_000
          : timeout
        : CONNECT_TIMEOUT,
  };
}
