import { describe, expect, test } from "vitest";
import { clock, dayName, full, lasted, moment, short } from "./time";

const now = new Date(2026, 10, 22, 15, 30).getTime();

describe("the shortest date that says which day it was", () => {
  test.each([
    ["today, the time", new Date(2026, 10, 22, 9, 5), "09:05"],
    ["this week, the day", new Date(2026, 10, 20, 9, 5), "Fri"],
    ["this year, day and month", new Date(2026, 4, 3, 9, 5), "3 May"],
    ["before, the date", new Date(2025, 4, 3, 9, 5), "03/05/2025"],
  ])("%s", (_, at, want) => expect(short(at, "en-GB", now)).toBe(want));
});

test("an hour has no zero before it where the language writes none, and seconds are for hovers", () => {
  const at = new Date(2026, 10, 22, 9, 5, 7);
  expect(clock(at, "en-US").replace("\u202f", " ")).toBe("9:05 AM");
  expect(clock(at, "it")).toBe("09:05");
  expect(moment(at, "en-GB")).toBe("22 Nov 2026, 09:05");
  expect(full(at, "en-GB")).toBe("22 Nov 2026, 09:05:07");
});

describe("a day separator", () => {
  test("today and yesterday have words", () => {
    expect(dayName(new Date(2026, 10, 22, 0, 1), "en", now)).toBe("Today");
    expect(dayName(new Date(2026, 10, 21, 23, 59), "it", now)).toBe("Ieri");
  });
  test("other days have their date, the year only when it is another", () => {
    expect(dayName(new Date(2026, 4, 3), "en-GB", now)).toBe("Sunday 3 May");
    expect(dayName(new Date(2025, 4, 3), "en-GB", now)).toBe("Saturday, 3 May 2025");
  });
});

test.each([
  [-5, "0s"],
  [42_000, "42s"],
  [185_000, "3m 05s"],
  [7_800_000, "2h 10m"],
  [273_600_000, "3d 4h"],
])("%i ms lasted %s", (ms, want) => expect(lasted(ms)).toBe(want));
