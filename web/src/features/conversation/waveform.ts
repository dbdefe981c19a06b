/** How many bars a sound is drawn with. */
export const bars = 40;

/** How loud a sound is along its length, as bars from 0 to 1; the loudest is 1. */
export function peaksOf(samples: Float32Array): number[] {
  const per = Math.max(1, Math.floor(samples.length / bars));
  const loud = Array.from({ length: bars }, (_, bar) => {
    let most = 0;
    for (let i = bar * per; i < Math.min(samples.length, (bar + 1) * per); i++) {
      most = Math.max(most, Math.abs(samples[i] ?? 0));
    }
    return most;
  });
  const loudest = Math.max(...loud);
  return loudest === 0 ? loud : loud.map((l) => l / loudest);
}

/** Longer sounds are not taken apart: their bytes would have to be fetched to be drawn. */
const most = 3 * 1024 * 1024;
const rate = 8000;

const drawn = new Map<string, Promise<number[] | null>>();

async function decode(sound: ArrayBuffer): Promise<number[]> {
  const context = new OfflineAudioContext(1, 1, rate);
  return peaksOf((await context.decodeAudioData(sound)).getChannelData(0));
}

/** The bars of a sound on the server; null when it is too long or the browser cannot read it. */
export function peaksAt(url: string, size: number | null): Promise<number[] | null> {
  const known = drawn.get(url);
  if (known) return known;
  const made =
    size === null || size > most
      ? Promise.resolve(null)
      : fetch(url)
          .then((r) => (r.ok ? r.arrayBuffer() : Promise.reject(new Error(String(r.status)))))
          .then(decode)
          .catch(() => null);
  drawn.set(url, made);
  return made;
}

/** The bars of a sound on this machine. */
export function peaksIn(file: File): Promise<number[] | null> {
  return file
    .arrayBuffer()
    .then(decode)
    .catch(() => null);
}
