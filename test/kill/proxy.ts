import { connect, createServer, type Socket } from "node:net";

export type Protocol = "postgresql" | "mysql";

/** When something happens: before the server gets a statement, while it works on it, or when it has answered. */
export type Moment = "before" | "during" | "after";

/** What is to happen at which statement; counted from 1, over all connections. */
export interface Trap {
  readonly at: number;
  readonly moment: Moment;
  spring(): Promise<void>;
}

/** A proxy that counts the statements that go through it. */
export interface Proxy {
  readonly url: string;
  /** Statements so far. */
  readonly count: number;
  /** Counts from 0 again, and waits for a statement; undefined: for none. */
  set(trap: Trap | undefined): void;
  /** Ends all connections, in both directions. */
  cut(): void;
  close(): Promise<void>;
}

/** The messages of a client: how long the first of them is in a buffer, and whether it has a statement run. */
interface Framing {
  /** 0: it is not whole yet. */
  length(data: Buffer, first: boolean): number;
  runs(message: Buffer, first: boolean): boolean;
}

const FRAMING: Readonly<Record<Protocol, Framing>> = {
  postgresql: {
    length: (data, first) => {
      const offset = first ? 0 : 1; // the first message has no kind
      if (data.length < offset + 4) return 0;
      const length = offset + data.readInt32BE(offset);
      return data.length < length ? 0 : length;
    },
    // Query, and Sync behind the messages of a statement with parameters
    runs: (message, first) => !first && (message[0] === 0x51 || message[0] === 0x53),
  },
  mysql: {
    length: (data) => {
      if (data.length < 4) return 0;
      const length = 4 + data.readUIntLE(0, 3);
      return data.length < length ? 0 : length;
    },
    // COM_QUERY, the first packet of an exchange
    runs: (message) => message[3] === 0 && message[4] === 3,
  },
};

/** Starts a proxy in front of the server of a URL. */
export async function startProxy(target: string, protocol: Protocol): Promise<Proxy> {
  const { hostname, port } = new URL(target);
  const framing = FRAMING[protocol];
  const sockets = new Set<Socket>();
  let trap: Trap | undefined;
  let count = 0;
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => undefined);
    }
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => client.destroy());
    let data: Buffer = Buffer.alloc(0);
    let first = true;
    let held: Buffer[] = [];
    let springing: Trap | undefined;
    upstream.on("data", (answer) => {
      if (springing?.moment === "after") void springing.spring();
      else client.write(answer);
    });
    client.on("data", (chunk) => {
      data = Buffer.concat([data, chunk]);
      for (;;) {
        const length = framing.length(data, first);
        if (length === 0) return;
        const message = data.subarray(0, length);
        data = data.subarray(length);
        held.push(message);
        const runs = framing.runs(message, first);
        const isPart =
          protocol === "postgresql" &&
          !first &&
          /^[PBDE]/.test(String.fromCharCode(message[0] ?? 0));
        first = false;
        if (isPart) continue;
        if (runs) count += 1;
        if (runs && trap?.at === count) springing = trap;
        if (springing?.moment === "before") return void springing.spring();
        upstream.write(Buffer.concat(held));
        held = [];
        if (springing?.moment === "during") void springing.spring();
      }
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no TCP address");
  const url = new URL(target);
  url.hostname = "127.0.0.1";
  url.port = String(address.port);
  return {
    url: url.href,
    get count() {
      return count;
    },
    set: (next) => {
      trap = next;
      count = 0;
    },
    cut,
    close: async () => {
      cut();
      await new Promise((done) => server.close(done));
    },
  };
}
