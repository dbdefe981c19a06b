import { expect, test } from "vitest";
import { formatted } from "./RawEvents";

test("an event's data is shown as people read it, and whatever else it is as it stands", () => {
  expect(formatted('{"a":{"b":1}}')).toBe('{\n  "a": {\n    "b": 1\n  }\n}');
  expect(formatted("not json")).toBe("not json");
});
