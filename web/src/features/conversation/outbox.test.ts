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
const make = () => createOutbox({ now: () => 0, later: () => Promise.resolve() });

describe("messages on their way", () => {
  test("are shown at once and gone when the server has them", async () => {
    const box = make();
    box.add(message("a"), async () => null);
    expect(box.all().map((p) => p.id)).toEqual(["msg_a"]);
    await settled();
    expect(box.all()).toEqual([]);
  });
  test("go out in the order written, one at a time for each interaction", async () => {
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
  test("are the same command however often the line breaks", async () => {
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
  test("stay with the reason when they are refused, and can be sent again", async () => {
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
});
