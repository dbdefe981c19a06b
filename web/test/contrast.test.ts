// @vitest-environment node
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const css = readFileSync(new URL("../src/styles/tokens.css", import.meta.url), "utf8");

function table(): Map<string, [string, string]> {
  const rows = new Map<string, [string, string]>();
  for (const [, name, light, dark] of css.matchAll(/--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g)) {
    if (name && light && dark) rows.set(name, [light, dark]);
  }
  return rows;
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((i) => Number.parseInt(hex.slice(i, i + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

const grounds = ["canvas", "surface", "sunken", "raised", "hover", "selected"];
const pairs: [string, string][] = [
  ...grounds.flatMap((g): [string, string][] => [
    ["text", g],
    ["muted", g],
    ["accent", g],
    ["danger", g],
    ["warn", g],
    ["good", g],
  ]),
  ["on-accent", "accent"],
  ["on-accent", "accent-hover"],
  ["on-danger", "danger"],
  ["accent", "accent-soft"],
  ["text", "accent-soft"],
  ["danger", "danger-soft"],
  ["warn", "warn-soft"],
  ["good", "good-soft"],
  ["inverse", "inverse-ground"],
  ["customer-text", "customer"],
  ["us-text", "us"],
  ["bubble-muted", "customer"],
  ["bubble-muted", "us"],
  ["read", "us"],
  ["danger", "us"],
  ["accent", "us"],
  ["accent", "customer"],
  ["system-text", "system"],
  ["note-text", "note"],
  ["whisper-text", "whisper"],
];

test.each(pairs)("%s on %s reads at 4.5:1 in both themes", (ink, ground) => {
  const colours = table();
  const [i, g] = [colours.get(ink), colours.get(ground)];
  expect(i && g, `both ${ink} and ${ground} are in the table`).toBeTruthy();
  if (!i || !g) return;
  expect(contrast(i[0], g[0]), "light").toBeGreaterThanOrEqual(4.5);
  expect(contrast(i[1], g[1]), "dark").toBeGreaterThanOrEqual(4.5);
});
