/** Recording formats, in order of preference. The server converts the browser's container to the channel's. */
const types = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];

const recordings = new WeakSet<File>();

/** Reports whether the file was recorded here, so that it is sent as a voice message and not as a document. */
export function isRecording(file: File): boolean {
  return recordings.has(file);
}

export type Recording = {
  /** Returns the current volume, 0 to 1. */
  level: () => number;
  startedAt: number;
  stop: () => Promise<File>;
  cancel: () => void;
};

export function canRecord(): boolean {
  return typeof MediaRecorder !== "undefined" && Boolean(navigator.mediaDevices?.getUserMedia);
}

/** Opens the microphone and records until stopped. Rejects if the user or the browser denies access. */
export async function record(): Promise<Recording> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
  const type = types.find((t) => MediaRecorder.isTypeSupported(t)) ?? "";
  const recorder = new MediaRecorder(stream, type ? { mimeType: type, audioBitsPerSecond: 32_000 } : {});
  const parts: Blob[] = [];
  recorder.ondataavailable = (e) => parts.push(e.data);
  const context = new AudioContext();
  const meter = context.createAnalyser();
  meter.fftSize = 256;
  context.createMediaStreamSource(stream).connect(meter);
  const samples = new Uint8Array(meter.fftSize);
  const release = () => {
    for (const track of stream.getTracks()) track.stop();
    void context.close();
  };
  recorder.start();
  return {
    startedAt: Date.now(),
    level() {
      meter.getByteTimeDomainData(samples);
      return Math.min(1, samples.reduce((most, s) => Math.max(most, Math.abs(s - 128)), 0) / 96);
    },
    stop: () =>
      new Promise((done) => {
        recorder.onstop = () => {
          release();
          const plain = recorder.mimeType.split(";")[0] ?? "audio/webm";
          const file = new File(parts, `voice.${plain.split("/")[1] ?? "webm"}`, {
            type: recorder.mimeType || "audio/webm",
          });
          recordings.add(file);
          done(file);
        };
        recorder.stop();
      }),
    cancel() {
      recorder.onstop = null;
      recorder.stop();
      release();
    },
  };
}
