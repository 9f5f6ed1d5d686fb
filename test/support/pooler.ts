import { connect, createServer, type Socket } from "node:net";

/** A pooler of PostgreSQL sessions, as pgbouncer in transaction mode: who is in no transaction has no session. */
export interface Pooler {
  /** The URL of a database behind it. */
  readonly url: string;
  close(): Promise<void>;
}

/** One session of the server, lent to one client at a time. */
interface Session {
  readonly socket: Socket;
  client: Client | undefined;
  buffered: Buffer;
}

interface Client {
  readonly socket: Socket;
  session: Session | undefined;
  /** Its first message. */
  startup: Buffer;
  waiting: Buffer[];
}

const READY = 0x5a; // ReadyForQuery
const KEY = 0x4b; // BackendKeyData
const IDLE = 0x49; // in no transaction

/** Whole messages of a protocol whose first byte is the kind, and then the length; and what is left. */
function messagesIn(data: Buffer): { readonly messages: readonly Buffer[]; readonly rest: Buffer } {
  const messages: Buffer[] = [];
  let at = 0;
  while (data.length - at >= 5) {
    const length = 1 + data.readInt32BE(at + 1);
    if (data.length - at < length) break;
    messages.push(data.subarray(at, at + length));
    at += length;
  }
  return { messages, rest: data.subarray(at) };
}

/**
 * Starts a pooler in front of a server that asks for no password.
 *
 * @param sessions how many it opens at most
 */
export async function startPooler(target: string, sessions: number): Promise<Pooler> {
  const { hostname, port } = new URL(target);
  const free: Session[] = [];
  const all = new Set<Socket>();
  const queue: Client[] = [];
  let opened = 0;
  let greeting: Buffer | undefined;
  /** Of clients that wait for the first session. */
  const greetings: (() => void)[] = [];
  const greetAll = (): void => {
    for (const greet of greetings.splice(0)) greet();
  };

  const lend = (client: Client): void => {
    const session = free.pop();
    if (session === undefined) {
      queue.push(client);
      if (opened < sessions) open(client.startup, give);
      return;
    }
    session.client = client;
    client.session = session;
    for (const data of client.waiting.splice(0)) session.socket.write(data);
  };
  const give = (session: Session): void => {
    if (session.client !== undefined) session.client.session = undefined;
    session.client = undefined;
    free.push(session);
    const next = queue.shift();
    if (next !== undefined) lend(next);
  };
  function open(startup: Buffer, onReady: (session: Session) => void): void {
    opened += 1;
    const socket = connect(Number(port), hostname);
    all.add(socket);
    const session: Session = { socket, client: undefined, buffered: Buffer.alloc(0) };
    let hello: Buffer[] | undefined = [];
    socket.write(startup);
    socket.on("error", () => undefined);
    socket.on("data", (data) => {
      const { messages, rest } = messagesIn(Buffer.concat([session.buffered, data]));
      session.buffered = rest;
      for (const message of messages) {
        if (hello === undefined) session.client?.socket.write(message);
        // clients get a key of the pooler's own
        else
          hello.push(
            message[0] === KEY ? Buffer.from([KEY, 0, 0, 0, 12, 0, 0, 0, 1, 0, 0, 0, 2]) : message,
          );
        if (message[0] !== READY || message[5] !== IDLE) continue;
        if (hello === undefined) give(session);
        else {
          greeting ??= Buffer.concat(hello);
          hello = undefined;
          onReady(session);
          greetAll();
        }
      }
    });
  }
  const server = createServer((socket) => {
    all.add(socket);
    const client: Client = { socket, session: undefined, startup: Buffer.alloc(0), waiting: [] };
    let isStarted = false;
    socket.on("error", () => undefined);
    socket.on("data", (data) => {
      if (isStarted) {
        // the end of a client is not the end of the session
        if (data[0] === 0x58) return void socket.end();
        if (client.session !== undefined) return void client.session.socket.write(data);
        client.waiting.push(data);
        if (!queue.includes(client)) lend(client);
        return;
      }
      isStarted = true;
      client.startup = data;
      greetings.push(() => socket.write(greeting ?? Buffer.alloc(0)));
      if (opened === 0) open(data, give);
      else if (greeting !== undefined) greetAll();
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
    close: async () => {
      for (const socket of all) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
