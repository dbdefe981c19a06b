import { describe, expect, it } from "vitest";
import { createNewest } from "./newest";

describe("what is told while a command is under way", () => {
  it("stands against an answer that comes later", () => {
    const newest = createNewest();
    newest.asked(1);
    newest.told([{ id: "m", status: "FAILED", failure: "no such number" }]);
    const answer = { id: "m", status: "QUEUED", failure: null };
    newest.answered(1, answer);
    expect(answer).toEqual({ id: "m", status: "FAILED", failure: "no such number" });
  });

  it("is older than the answer to a command that was given after it", () => {
    const newest = createNewest();
    newest.told([{ id: "m", reactions: [] }]);
    newest.asked(2);
    const answer = { id: "m", reactions: ["👍"] };
    newest.answered(2, answer);
    expect(answer.reactions).toEqual(["👍"]);
  });

  it("says nothing of other messages, and is not kept for ever", () => {
    const newest = createNewest();
    newest.asked(3);
    newest.told([{ id: "m", status: "FAILED" }]);
    newest.told(Array.from({ length: 200 }, (_, i) => ({ id: `other ${i}`, status: "READ" })));
    const answer = { id: "m", status: "QUEUED" };
    newest.answered(3, answer);
    expect(answer.status).toBe("QUEUED");
  });
});
