/** The ring of an offer: two soft notes, generated so that no file has to be loaded. */
const notes = [
  { at: 0, hz: 659.3 },
  { at: 0.16, hz: 880 },
  { at: 0.52, hz: 659.3 },
  { at: 0.68, hz: 880 },
];

let context: AudioContext | null = null;
const listeners = new Set<() => void>();

function notifyListeners() {
  for (const l of listeners) l();
}

function audio(): AudioContext | null {
  if (context) return context;
  if (typeof AudioContext === "undefined") return null;
  context = new AudioContext();
  context.onstatechange = notifyListeners;
  return context;
}

/** Reports whether the browser still blocks sound on this page. */
export function isSilent(): boolean {
  const a = audio();
  return a !== null && a.state !== "running";
}

export function onSoundChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Asks the browser to allow sound. Works only while handling user input. */
export async function allowSound(): Promise<void> {
  await audio()?.resume();
  notifyListeners();
}

export function ringOnce(): void {
  const a = audio();
  if (a?.state !== "running") return;
  for (const note of notes) {
    const start = a.currentTime + note.at;
    const tone = a.createOscillator();
    const loudness = a.createGain();
    tone.type = "sine";
    tone.frequency.value = note.hz;
    loudness.gain.setValueAtTime(0, start);
    loudness.gain.linearRampToValueAtTime(0.22, start + 0.02);
    loudness.gain.exponentialRampToValueAtTime(0.001, start + 0.34);
    tone.connect(loudness).connect(a.destination);
    tone.start(start);
    tone.stop(start + 0.36);
  }
}
