import { describe, expect, test } from "vitest";
import {
  formatAge,
  formatDateTime,
  formatDay,
  formatDuration,
  formatExactTime,
  formatShortDate,
  formatTime,
} from "./time";

const now = new Date(2026, 10, 22, 15, 30).getTime();

describe("short dates", () => {
  test.each([
    ["today is shown as the time", new Date(2026, 10, 22, 9, 5), "09:05"],
    ["a day of this week is shown as the weekday", new Date(2026, 10, 20, 9, 5), "Fri"],
    ["a day of this year is shown as day and month", new Date(2026, 4, 3, 9, 5), "3 May"],
    ["an earlier year is shown as the full date", new Date(2025, 4, 3, 9, 5), "03/05/2025"],
  ])("%s", (_, at, want) => expect(formatShortDate(at, "en-GB", now)).toBe(want));
});

test("hours have no leading zero where the locale has none, and tooltips show seconds", () => {
  const at = new Date(2026, 10, 22, 9, 5, 7);
  expect(formatTime(at, "en-US").replace("\u202f", " ")).toBe("9:05 AM");
  expect(formatTime(at, "it")).toBe("09:05");
  expect(formatDateTime(at, "en-GB")).toBe("22 Nov 2026, 09:05");
  expect(formatExactTime(at, "en-GB")).toBe("22 Nov 2026, 09:05:07");
});

describe("the name of a day in the log", () => {
  test("today and yesterday are named in words", () => {
    expect(formatDay(new Date(2026, 10, 22, 0, 1), "en", now)).toBe("Today");
    expect(formatDay(new Date(2026, 10, 21, 23, 59), "it", now)).toBe("Ieri");
  });
  test("other days show the date, with the year only if it differs", () => {
    expect(formatDay(new Date(2026, 4, 3), "en-GB", now)).toBe("Sunday 3 May");
    expect(formatDay(new Date(2025, 4, 3), "en-GB", now)).toBe("Saturday, 3 May 2025");
  });
});

test.each([
  [-5, "0s"],
  [42_000, "42s"],
  [185_000, "3m 05s"],
  [7_800_000, "2h 10m"],
  [273_600_000, "3d 4h"],
])("%i ms lasted %s", (ms, want) => expect(formatDuration(ms, "en")).toBe(want));

test.each([
  [-5, "0 seconds"],
  [59_900, "59 seconds"],
  [60_000, "1 minute"],
  [252_000, "4 minutes"],
  [7_800_000, "2 hours"],
  [273_600_000, "3 days"],
])("%i ms ago is %s old", (ms, want) => expect(formatAge(ms, "en")).toBe(want));
