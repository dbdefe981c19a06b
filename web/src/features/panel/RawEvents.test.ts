import { expect, test } from "vitest";
import { formatted } from "./RawEvents";

test("JSON is indented and other data is shown unchanged", () => {
  expect(formatted('{"a":{"b":1}}')).toBe('{\n  "a": {\n    "b": 1\n  }\n}');
  expect(formatted("not json")).toBe("not json");
});
