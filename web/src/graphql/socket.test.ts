import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { connectionStatus } from "./connection";
import { createSocket, noticedWithin } from "./socket";

type Frame = { id: string; type: string; payload: { variables: { after?: string } } };

/** The server's end of one connection. */
class FakeSocket {
  static all: FakeSocket[] = [];
  static OPEN = 1;
  /** Drops everything silently, as a dead line does. */
  static dead = false;
  readonly protocol = "graphql-transport-ws";
  readyState = 0;
  received: Frame[] = [];
  onopen = () => {};
  onclose: ((_: unknown) => void) | null = () => {};
  onmessage = (_: { data: string }) => {};
  constructor() {
    FakeSocket.all.push(this);
    queueMicrotask(() => {
      if (FakeSocket.dead) return;
      this.readyState = 1;
      this.onopen();
    });
  }
  send(text: string) {
    if (FakeSocket.dead) return;
    const frame = JSON.parse(text) as Frame;
    this.received.push(frame);
    if (frame.type === "connection_init") this.emit({ type: "connection_ack" });
    if (frame.type === "ping") this.emit({ type: "pong" });
  }
  emit(frame: object) {
    this.onmessage({ data: JSON.stringify(frame) });
  }
  close(code = 1000, reason = "") {
    if (this.readyState === 3) return;
    this.readyState = FakeSocket.dead ? 2 : 3;
    if (FakeSocket.dead) return; // the closing handshake gets no answer either
    queueMicrotask(() => this.onclose?.({ code, reason, wasClean: true }));
  }
  get subscribed(): Frame[] {
    return this.received.filter((f) => f.type === "subscribe");
  }
}

const status = { me: 200 };
const onSignedOut = vi.fn();

function listen() {
  const sink = { next: vi.fn(), error: vi.fn(), complete: vi.fn() };
  const socket = createSocket("ws://desk.test/graphql", onSignedOut);
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
  const server = FakeSocket.all[n];
  const frame = server?.subscribed.at(-1);
  if (!server || !frame) throw new Error(`socket ${n} has no subscription`);
  return { server, frame };
}

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.all = [];
  FakeSocket.dead = false;
  status.me = 200;
  onSignedOut.mockReset();
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("fetch", (_: string, init: RequestInit) => {
    if (!FakeSocket.dead) return Promise.resolve(new Response("{}", { status: status.me }));
    return new Promise((_, reject) => init.signal?.addEventListener("abort", () => reject(new Error("aborted"))));
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("a subscription ended by the server resumes from its last position", async () => {
  const { sink, leave } = listen();
  const { server, frame } = await subscribedOn(0);
  server.emit({ id: frame.id, type: "next", payload: { data: { live: { position: "7" } } } });
  server.emit({ id: frame.id, type: "complete" });
  server.close(1001, "going away");
  const later = await subscribedOn(1);
  expect(later.frame.payload.variables.after).toBe("7");
  later.server.emit({ id: later.frame.id, type: "next", payload: { data: { live: { position: "8" } } } });
  expect(sink.next).toHaveBeenCalledTimes(2);
  expect(sink.complete).not.toHaveBeenCalled();
  leave();
});

test("a server error is retried", async () => {
  const { sink, leave } = listen();
  const { server, frame } = await subscribedOn(0);
  const payload = { data: null, errors: [{ message: "Ours.", extensions: { code: "INTERNAL" } }] };
  server.emit({ id: frame.id, type: "next", payload });
  server.emit({ id: frame.id, type: "complete" });
  await subscribedOn(1);
  expect(sink.next).not.toHaveBeenCalled();
  leave();
});

test("a refusal reaches the subscriber and ends the subscription", async () => {
  const { sink } = listen();
  const { server, frame } = await subscribedOn(0);
  const payload = { data: null, errors: [{ message: "No.", extensions: { code: "NOT_FOUND", retryable: false } }] };
  server.emit({ id: frame.id, type: "next", payload });
  server.emit({ id: frame.id, type: "complete" });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sink.next).toHaveBeenCalledTimes(1);
  expect(sink.complete).toHaveBeenCalledTimes(1);
  expect(FakeSocket.all).toHaveLength(1);
});

test("once the user is signed out, the app is told and the retries stop", async () => {
  const { leave } = listen();
  onSignedOut.mockImplementation(leave);
  const { server, frame } = await subscribedOn(0);
  status.me = 401;
  server.emit({ id: frame.id, type: "complete" });
  server.close();
  await vi.advanceTimersByTimeAsync(120_000);
  expect(onSignedOut).toHaveBeenCalled();
  expect(FakeSocket.all).toHaveLength(1);
});

test("a line that drops everything is noticed within 20 s and replaced once it works again", async () => {
  expect(noticedWithin).toBeLessThanOrEqual(20_000);
  const { sink, leave } = listen();
  const { server, frame } = await subscribedOn(0);
  server.emit({ id: frame.id, type: "next", payload: { data: { live: { position: "7" } } } });
  await vi.advanceTimersByTimeAsync(10 * noticedWithin);
  expect(connectionStatus()).toBe("live");
  expect(FakeSocket.all).toHaveLength(1);

  FakeSocket.dead = true;
  await vi.advanceTimersByTimeAsync(noticedWithin);
  expect(connectionStatus()).toBe("reconnecting");
  await vi.advanceTimersByTimeAsync(5 * noticedWithin);
  const tried = FakeSocket.all.length;
  expect(tried).toBeGreaterThan(2); // an attempt on a dead line is given up as well

  FakeSocket.dead = false;
  await vi.advanceTimersByTimeAsync(2 * noticedWithin);
  expect(connectionStatus()).toBe("live");
  const again = FakeSocket.all.at(-1)?.subscribed.at(-1);
  expect(again?.payload.variables.after).toBe("7");
  expect(sink.error).not.toHaveBeenCalled();
  leave();
});
