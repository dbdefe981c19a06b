import { expect, test } from "vitest";
import { unsettled } from "./settling";

test("messages of unknown delivery are unsettled until they are resent", () => {
  const messages = [
    { id: "received" },
    { id: "unknown", status: "UNKNOWN", retriedBy: null },
    { id: "resent", status: "UNKNOWN", retriedBy: "msg_5" },
    { id: "failed", status: "FAILED" },
    { id: "also unknown", status: "UNKNOWN" },
  ];
  expect(unsettled(messages)).toEqual(["unknown", "also unknown"]);
});
