import { Pause, Play } from "lucide-react";
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocale } from "@/i18n/locale";
import { cn } from "@/lib/cn";
import { formatDuration } from "@/lib/time";
import { Unplayable } from "./Unplayable";
import { bars } from "./waveform";

type Props = { url: string; label: string; peaks: () => Promise<readonly number[] | null> };

const step = 5; // seconds
const flat: readonly number[] = new Array(bars).fill(0.25);

/** Plays a voice message, with its waveform, length and position. */
export function VoicePlayer({ url, label, peaks }: Props) {
  const { t } = useTranslation();
  const locale = useLocale();
  const audio = useRef<HTMLAudioElement>(null);
  const [wave, setWave] = useState<readonly number[] | null>(null);
  const [playing, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [length, setLength] = useState(0);
  const [broken, setBroken] = useState(false);
  const latestPeaks = useRef(peaks);
  latestPeaks.current = peaks;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new URL is a new recording
  useEffect(() => {
    let mounted = true;
    void latestPeaks.current().then((p) => mounted && setWave(p));
    return () => {
      mounted = false;
    };
  }, [url]);
  const measure = () => {
    const el = audio.current;
    if (!el) return;
    // If the header lacks the recording's length, seeking to the end makes the browser find it.
    if (el.duration === Number.POSITIVE_INFINITY) el.currentTime = 1e7;
    else setLength(el.duration || 0);
  };
  const seek = (to: number) => {
    if (!audio.current || length === 0) return;
    audio.current.currentTime = Math.min(length, Math.max(0, to));
    setAt(audio.current.currentTime);
  };
  const onPointer = (e: PointerEvent<HTMLDivElement>) => {
    if (e.buttons === 0) return;
    const box = e.currentTarget.getBoundingClientRect();
    const part = (e.clientX - box.left) / box.width;
    seek(length * (getComputedStyle(e.currentTarget).direction === "rtl" ? 1 - part : part));
  };
  const onKeyDown = (e: KeyboardEvent) => {
    const by = e.key === "ArrowRight" ? step : e.key === "ArrowLeft" ? -step : 0;
    if (by === 0) return;
    e.preventDefault();
    e.stopPropagation();
    seek(at + by);
  };
  const stopped = (problem: unknown) => {
    setPlaying(false);
    if (problem instanceof DOMException && problem.name === "NotSupportedError") setBroken(true);
  };
  const toggle = () => {
    if (playing) audio.current?.pause();
    else void audio.current?.play().catch(stopped);
  };
  if (broken) return <Unplayable url={url} what={label} />;
  const played = length > 0 ? at / length : 0;
  return (
    <div data-voice="" className="my-1 flex w-72 max-w-full items-center gap-2.5">
      {/* biome-ignore lint/a11y/useMediaCaption: voice messages have no captions */}
      <audio
        ref={audio}
        src={url}
        preload="metadata"
        onLoadedMetadata={measure}
        onDurationChange={() => {
          measure();
          if (audio.current && Number.isFinite(audio.current.duration) && !playing) audio.current.currentTime = 0;
        }}
        onTimeUpdate={() => setAt(audio.current?.currentTime ?? 0)}
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onEnded={() => seek(0)}
        onError={() => setBroken(true)}
      />
      <button
        type="button"
        aria-label={t(playing ? "voice.pause" : "voice.play", { what: label })}
        onClick={toggle}
        className="grid size-9 shrink-0 place-items-center rounded-full bg-accent text-on-accent hover:bg-accent-hover"
      >
        {playing ? <Pause size={15} /> : <Play size={15} className="ms-0.5" />}
      </button>
      <div
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={Math.round(length)}
        aria-valuenow={Math.round(at)}
        aria-valuetext={t("voice.at", {
          at: formatDuration(at * 1000, locale),
          length: formatDuration(length * 1000, locale),
        })}
        data-drawn={wave !== null}
        onPointerDown={onPointer}
        onPointerMove={onPointer}
        onKeyDown={onKeyDown}
        className="flex h-9 min-w-0 flex-1 cursor-pointer touch-none items-center gap-px rounded-sm"
      >
        {(wave ?? flat).map((level, i) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: bars of a waveform have no identity
            key={i}
            className={cn(
              "min-w-px flex-1 rounded-full",
              i / bars < played ? "bg-accent" : "bg-bubble-muted opacity-60",
            )}
            style={{ height: 3 + level * 25 }}
          />
        ))}
      </div>
      <span className="nums w-9 shrink-0 text-end text-bubble-muted text-xs">
        {formatDuration((playing || at > 0 ? at : length) * 1000, locale)}
      </span>
    </div>
  );
}
