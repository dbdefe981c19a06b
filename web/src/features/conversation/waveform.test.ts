import { expect, test } from "vitest";
import { bars, peaksOf } from "./waveform";

test("a waveform shows the volume along the recording", () => {
  const rising = Float32Array.from({ length: bars * 100 }, (_, i) => (i % 2 ? 1 : -1) * (i / (bars * 100)) * 0.5);
  const drawn = peaksOf(rising);
  expect(drawn).toHaveLength(bars);
  expect(drawn.at(-1)).toBe(1);
  expect(drawn[0]).toBeLessThan(0.05);
  expect([...drawn].sort((a, b) => a - b)).toEqual(drawn);
});

test("silence and very short recordings have a waveform too", () => {
  expect(peaksOf(new Float32Array(1000))).toEqual(new Array(bars).fill(0));
  expect(peaksOf(Float32Array.from([0.2, -0.4]))[1]).toBe(1);
});
