// A door before the store: what comes through it is the real store, until a test shuts it (the server is gone) or puts
// a newer build behind it. A page cannot tell the door from the store, and neither can its service worker.
import { createServer, request as ask } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

export interface Door {
  url: string;
  /** Refuses connections, as a server does that is not running. */
  shut: () => Promise<void>;
  open: () => Promise<void>;
  /** From now on every text of the store is changed so; requests for the new names reach the old files. */
  rename: (from: string, to: string) => void;
  /** Lets the store do what the next matching request asks, and loses its answer. */
  loseAnswer: (method: string, path: string) => void;
}

const TEXT = /text|javascript|json/;

export async function openDoor(store: string): Promise<Door> {
  const sockets = new Set<Socket>();
  let renamed: [string, string] | null = null;
  let lost: string | null = null;

  const pass = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const path = renamed ? (incoming.url ?? "").replaceAll(renamed[1], renamed[0]) : incoming.url;
    const headers = { ...incoming.headers, "accept-encoding": "identity" };
    const onward = ask(new URL(path ?? "/", store), { method: incoming.method, headers }, (answer) => {
      if (lost !== null && `${incoming.method} ${incoming.url}`.startsWith(lost)) {
        lost = null;
        answer.resume().on("end", () => incoming.socket.destroy());
        return;
      }
      void send(answer, outgoing, renamed);
    });
    onward.on("error", () => incoming.socket.destroy());
    incoming.pipe(onward);
  };

  const listen = (port: number) =>
    new Promise<Server>((resolve) => {
      const server = createServer(pass);
      server.on("connection", (socket) => {
        sockets.add(socket);
        socket.on("close", () => sockets.delete(socket));
      });
      server.listen(port, "127.0.0.1", () => resolve(server));
    });

  let server = await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    shut: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    open: async () => {
      server = await listen(port);
    },
    rename: (from, to) => (renamed = [from, to]),
    loseAnswer: (method, path) => (lost = `${method} ${path}`),
  };
}

async function send(answer: IncomingMessage, outgoing: ServerResponse, renamed: [string, string] | null) {
  const parts: Buffer[] = [];
  for await (const part of answer) parts.push(part as Buffer);
  const body = Buffer.concat(parts);
  const OF_THE_OLD_TEXT = ["content-length", "etag", "last-modified"];
  const headers = Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !OF_THE_OLD_TEXT.includes(name)));
  const isText = TEXT.test(answer.headers["content-type"] ?? "");
  outgoing.writeHead(answer.statusCode ?? 502, headers);
  outgoing.end(renamed && isText ? body.toString().replaceAll(renamed[0], renamed[1]) : body);
}
