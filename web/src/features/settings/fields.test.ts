import { expect, test } from "vitest";
import { readFields, writeFields } from "./fields";

test("custom fields survive formatting and parsing", () => {
  const text = "city | City | text | optional\nplan | Plan | select | required | Basic, Gold";
  expect(readFields(text)).toEqual([
    { key: "city", label: "City", type: "text", required: false, options: [] },
    { key: "plan", label: "Plan", type: "select", required: true, options: ["Basic", "Gold"] },
  ]);
  expect(writeFields(readFields(text))).toBe(text);
});

test("a line may contain only a key", () => {
  expect(readFields("\ncity\n")).toEqual([{ key: "city", label: "city", type: "text", required: false, options: [] }]);
});
