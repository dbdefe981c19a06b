import { describe, expect, it } from "vitest";
import { createLatestMessages } from "./latestMessages";

describe("rows that arrive while a command is running", () => {
  it("a row that arrived first survives the command's older answer", () => {
    const latest = createLatestMessages();
    latest.sent(1);
    latest.received([{ id: "m", status: "FAILED", failure: "no such number" }]);
    const answer = { id: "m", status: "QUEUED", failure: null };
    latest.answered(1, answer);
    expect(answer).toEqual({ id: "m", status: "FAILED", failure: "no such number" });
  });

  it("the answer to a later command replaces an earlier row", () => {
    const latest = createLatestMessages();
    latest.received([{ id: "m", reactions: [] }]);
    latest.sent(2);
    const answer = { id: "m", reactions: ["👍"] };
    latest.answered(2, answer);
    expect(answer.reactions).toEqual(["👍"]);
  });

  it("other messages do not matter, and old rows are dropped", () => {
    const latest = createLatestMessages();
    latest.sent(3);
    latest.received([{ id: "m", status: "FAILED" }]);
    latest.received(Array.from({ length: 200 }, (_, i) => ({ id: `other ${i}`, status: "READ" })));
    const answer = { id: "m", status: "QUEUED" };
    latest.answered(3, answer);
    expect(answer.status).toBe("QUEUED");
  });
});
