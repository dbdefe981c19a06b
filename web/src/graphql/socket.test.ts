import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createSocket } from "./socket";

type Frame = { id: string; type: string; payload: { variables: { after?: string } } };

/** A server's end of one connection. */
class FakeSocket {
  static made: FakeSocket[] = [];
  static OPEN = 1;
  readonly protocol = "graphql-transport-ws";
  readyState = 0;
  got: Frame[] = [];
  onopen = () => {};
  onclose = (_: unknown) => {};
  onmessage = (_: { data: string }) => {};
  constructor() {
    FakeSocket.made.push(this);
    queueMicrotask(() => {
      this.readyState = 1;
      this.onopen();
    });
  }
  send(text: string) {
    const frame = JSON.parse(text) as Frame;
    this.got.push(frame);
    if (frame.type === "connection_init") this.say({ type: "connection_ack" });
  }
  say(frame: object) {
    this.onmessage({ data: JSON.stringify(frame) });
  }
  close(code = 1000, reason = "") {
    if (this.readyState === 3) return;
    this.readyState = 3;
    queueMicrotask(() => this.onclose({ code, reason, wasClean: true }));
  }
  get subscribed(): Frame[] {
    return this.got.filter((f) => f.type === "subscribe");
  }
}

const status = { me: 200 };
const out = vi.fn();

function listen() {
  const sink = { next: vi.fn(), error: vi.fn(), complete: vi.fn() };
  const socket = createSocket("ws://desk.test/graphql", out);
  const { unsubscribe } = socket
    .forward(
      { query: "subscription { live { position } }", variables: {}, operationName: undefined, extensions: undefined },
      {} as never,
    )
    .subscribe(sink);
  const leave = () => {
    unsubscribe();
    socket.close();
  };
  return { sink, leave };
}

async function subscribedOn(n: number): Promise<{ server: FakeSocket; frame: Frame }> {
  await vi.advanceTimersByTimeAsync(20_000);
  const server = FakeSocket.made[n];
  const frame = server?.subscribed.at(-1);
  if (!server || !frame) throw new Error(`nobody subscribed on socket ${n}`);
  return { server, frame };
}

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.made = [];
  status.me = 200;
  out.mockReset();
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("fetch", async () => new Response("{}", { status: status.me }));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("a subscription that the server ends goes on from its last position", async () => {
  const { sink, leave } = listen();
  const { server, frame } = await subscribedOn(0);
  server.say({ id: frame.id, type: "next", payload: { data: { live: { position: "7" } } } });
  server.say({ id: frame.id, type: "complete" });
  server.close(1001, "going away");
  const later = await subscribedOn(1);
  expect(later.frame.payload.variables.after).toBe("7");
  later.server.say({ id: later.frame.id, type: "next", payload: { data: { live: { position: "8" } } } });
  expect(sink.next).toHaveBeenCalledTimes(2);
  expect(sink.complete).not.toHaveBeenCalled();
  leave();
});

test("a server in trouble is asked again", async () => {
  const { sink, leave } = listen();
  const { server, frame } = await subscribedOn(0);
  const payload = { data: null, errors: [{ message: "Ours.", extensions: { code: "INTERNAL" } }] };
  server.say({ id: frame.id, type: "next", payload });
  server.say({ id: frame.id, type: "complete" });
  await subscribedOn(1);
  expect(sink.next).not.toHaveBeenCalled();
  leave();
});

test("a refusal is told and ends it", async () => {
  const { sink } = listen();
  const { server, frame } = await subscribedOn(0);
  const payload = { data: null, errors: [{ message: "No.", extensions: { code: "NOT_FOUND", retryable: false } }] };
  server.say({ id: frame.id, type: "next", payload });
  server.say({ id: frame.id, type: "complete" });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sink.next).toHaveBeenCalledTimes(1);
  expect(sink.complete).toHaveBeenCalledTimes(1);
  expect(FakeSocket.made).toHaveLength(1);
});

test("whoever is signed out meanwhile is told so, and does not knock for ever", async () => {
  const { leave } = listen();
  out.mockImplementation(leave);
  const { server, frame } = await subscribedOn(0);
  status.me = 401;
  server.say({ id: frame.id, type: "complete" });
  server.close();
  await vi.advanceTimersByTimeAsync(120_000);
  expect(out).toHaveBeenCalled();
  expect(FakeSocket.made).toHaveLength(1);
});
