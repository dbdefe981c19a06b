import { describe, expect, test } from "vitest";
import type { Problem } from "@/graphql/errors";
import { createOutbox, type Pending } from "./outbox";

const offline: Problem = { kind: "offline", code: "OFFLINE", message: "", details: {} };
const refused: Problem = { kind: "refused", code: "ANSWERED_SINCE", message: "Ben answered.", details: {} };

const message = (commandId: string, interactionId = "int_1") => ({
  commandId,
  interactionId,
  text: commandId,
  quoted: null,
  file: null,
  seenThrough: null,
});

const settled = () => new Promise((r) => setTimeout(r, 0));
const make = () => createOutbox({ now: () => 0, wait: () => Promise.resolve() });

describe("messages that are being sent", () => {
  test("a message is shown at once and removed when the server has it", async () => {
    const box = make();
    box.add(message("a"), async () => null);
    expect(box.all().map((p) => p.id)).toEqual(["msg_a"]);
    await settled();
    expect(box.all()).toEqual([]);
  });
  test("messages go out in order, one at a time per interaction", async () => {
    const box = make();
    const log: string[] = [];
    const slow = async (p: Pending) => {
      log.push(`start ${p.text}`);
      await settled();
      log.push(`end ${p.text}`);
      return null;
    };
    box.add(message("a"), slow);
    box.add(message("b"), slow);
    await settled();
    await settled();
    await settled();
    expect(log).toEqual(["start a", "end a", "start b", "end b"]);
  });
  test("a message keeps its command id however often the connection breaks", async () => {
    const box = make();
    const ids: string[] = [];
    box.add(message("a"), async (p) => {
      ids.push(p.commandId);
      return ids.length < 3 ? offline : null;
    });
    await settled();
    expect(ids).toEqual(["a", "a", "a"]);
    expect(box.all()).toEqual([]);
  });
  test("a refused message stays with the reason and can be sent again", async () => {
    const box = make();
    box.add(message("a"), async () => refused);
    await settled();
    expect(box.all()[0]).toMatchObject({ state: "failed", problem: { message: "Ben answered." } });
    const seen: (string | null)[] = [];
    box.retry("msg_a", "msg_9", async (p) => {
      seen.push(p.seenThrough);
      return null;
    });
    await settled();
    expect(seen).toEqual(["msg_9"]);
    expect(box.all()).toEqual([]);
  });
  test("a message that the server kept as a draft waits, not sent, and goes out under its own command id", async () => {
    const box = make();
    const kept = { commandId: "a", interactionId: "int_1", text: "Dear Ida", quoted: null };
    box.restore(kept);
    box.restore(kept);
    expect(box.all()).toMatchObject([{ id: "msg_a", text: "Dear Ida", state: "failed", kept: true }]);
    const ids: string[] = [];
    box.retry("msg_a", null, async (p) => {
      ids.push(p.commandId);
      return null;
    });
    await settled();
    expect(ids).toEqual(["a"]);
    expect(box.all()).toEqual([]);
  });
  test("signing out forgets the messages", async () => {
    const box = make();
    box.add(message("a"), async () => refused);
    await settled();
    box.clear();
    expect(box.all()).toEqual([]);
  });
});
