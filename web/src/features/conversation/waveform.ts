/** The number of bars in a waveform. */
export const bars = 40;

/** Returns the volume along a recording as bars from 0 to 1. The loudest bar is 1. */
export function peaksOf(samples: Float32Array): number[] {
  const samplesPerBar = Math.max(1, Math.floor(samples.length / bars));
  const peaks = Array.from({ length: bars }, (_, bar) => {
    let peak = 0;
    for (let i = bar * samplesPerBar; i < Math.min(samples.length, (bar + 1) * samplesPerBar); i++) {
      peak = Math.max(peak, Math.abs(samples[i] ?? 0));
    }
    return peak;
  });
  const loudest = Math.max(...peaks);
  return loudest === 0 ? peaks : peaks.map((l) => l / loudest);
}

/** The largest recording, in bytes, that is downloaded to draw its waveform. */
const maxBytes = 3 * 1024 * 1024;
const sampleRate = 8000;

const cached = new Map<string, Promise<number[] | null>>();

async function decode(sound: ArrayBuffer): Promise<number[]> {
  const context = new OfflineAudioContext(1, 1, sampleRate);
  return peaksOf((await context.decodeAudioData(sound)).getChannelData(0));
}

/** Returns the waveform of a recording on the server, or null if it is too large or cannot be decoded. */
export function peaksAt(url: string, size: number | null): Promise<number[] | null> {
  const known = cached.get(url);
  if (known) return known;
  const created =
    size === null || size > maxBytes
      ? Promise.resolve(null)
      : fetch(url)
          .then((r) => (r.ok ? r.arrayBuffer() : Promise.reject(new Error(String(r.status)))))
          .then(decode)
          .catch(() => null);
  cached.set(url, created);
  return created;
}

/** Returns the waveform of a local recording. */
export function peaksIn(file: File): Promise<number[] | null> {
  return file
    .arrayBuffer()
    .then(decode)
    .catch(() => null);
}
