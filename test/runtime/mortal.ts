import type { Connection, Row } from "../../src/dialects/contract.ts";
import type { SqlValue } from "../../src/schema/expression.ts";
import { RevlineError } from "../../src/errors.ts";

/** When a session ends: at which call to the server, and whether that call still got through. */
export interface Death {
  readonly call: number;
  readonly when: "before" | "after";
}

/** A session that ends, as when its process is killed, at the given call; `calls` counts them. */
export class MortalConnection implements Connection {
  readonly #living: Connection;
  readonly #death: Death;
  #dead = false;
  calls = 0;

  constructor(living: Connection, death: Death) {
    this.#living = living;
    this.#death = death;
  }

  get client(): unknown {
    return this.#living.client;
  }
  get server(): Connection["server"] {
    return this.#living.server;
  }
  get inTransaction(): boolean {
    return !this.#dead && this.#living.inTransaction;
  }
  query(sql: string, params?: readonly SqlValue[]): Promise<readonly Row[]> {
    return this.#call(() => this.#living.query(sql, params));
  }
  execute(sql: string, params?: readonly SqlValue[]): Promise<number> {
    return this.#call(() => this.#living.execute(sql, params));
  }
  begin(): Promise<void> {
    return this.#call(() => this.#living.begin());
  }
  commit(): Promise<void> {
    return this.#call(() => this.#living.commit());
  }
  rollback(): Promise<void> {
    return this.#call(() => this.#living.rollback());
  }
  async close(): Promise<void> {
    if (!this.#dead) await this.#living.close();
  }

  async #call<T>(work: () => Promise<T>): Promise<T> {
    if (this.#dead) throw lost();
    this.calls += 1;
    if (this.calls !== this.#death.call) return work();
    try {
      if (this.#death.when === "after") await work();
    } finally {
      this.#dead = true;
      await this.#living.close();
    }
    throw lost();
  }
}

function lost(): RevlineError {
  return new RevlineError("connection-failed", "The connection was lost.");
}
