import { Mic, SendHorizontal, Square, Trash2 } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocale } from "@/i18n/locale";
import { notify } from "@/lib/notices";
import { canRecord, type Recording, record } from "@/lib/recorder";
import { formatDuration, useNow } from "@/lib/time";
import { useObjectUrl } from "@/lib/useObjectUrl";
import { Button, IconButton } from "@/ui/Button";
import { VoicePlayer } from "./VoicePlayer";
import { peaksIn } from "./waveform";

/** Records a voice message. Shows volume and length, and lets the agent listen before sending or discarding it. */
export function VoiceRecorder({ onDone }: { onDone: (file: File) => void }) {
  const { t } = useTranslation();
  const [recording, setRecording] = useState<Recording | null>(null);
  const [recorded, setRecorded] = useState<File | null>(null);
  const current = useRef<Recording | null>(null);
  useEffect(() => () => current.current?.cancel(), []);
  if (!canRecord()) return null;
  const set = (r: Recording | null) => {
    current.current = r;
    setRecording(r);
  };
  const start = () =>
    record()
      .then(set)
      .catch(() => notify({ tone: "danger", text: t("composer.noMicrophone") }));
  const stop = async () => {
    const file = await recording?.stop();
    set(null);
    return file ?? null;
  };
  if (recorded) {
    const done = (file: File | null) => {
      setRecorded(null);
      if (file) onDone(file);
    };
    return (
      <RecorderBar onDiscard={() => done(null)} onSend={() => done(recorded)}>
        <Playback file={recorded} />
      </RecorderBar>
    );
  }
  if (!recording) {
    return (
      <IconButton label={t("composer.record")} onClick={() => void start()}>
        <Mic size={16} />
      </IconButton>
    );
  }
  return (
    <RecorderBar
      onDiscard={() => {
        recording.cancel();
        set(null);
      }}
      onSend={() => void stop().then((file) => file && onDone(file))}
    >
      <Meter recording={recording} />
      <IconButton label={t("composer.stopRecording")} onClick={() => void stop().then(setRecorded)} className="size-7">
        <Square size={13} fill="currentColor" />
      </IconButton>
    </RecorderBar>
  );
}

function RecorderBar({
  onDiscard,
  onSend,
  children,
}: {
  onDiscard: () => void;
  onSend: () => void;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <span className="flex min-w-0 items-center gap-2 rounded-full bg-danger-soft px-3 text-danger">
      {children}
      <IconButton label={t("composer.discardRecording")} onClick={onDiscard} className="size-7">
        <Trash2 size={14} />
      </IconButton>
      <Button size="sm" tone="primary" onClick={onSend} aria-label={t("composer.sendRecording")}>
        <SendHorizontal size={13} className="rtl:-scale-x-100" />
      </Button>
    </span>
  );
}

function Playback({ file }: { file: File }) {
  const { t } = useTranslation();
  const url = useObjectUrl(file);
  return url && <VoicePlayer url={url} label={t("voice.recording")} peaks={() => peaksIn(file)} />;
}

const bars = 16;

function Meter({ recording }: { recording: Recording }) {
  const now = useNow();
  const locale = useLocale();
  const [levels, setLevels] = useState<readonly number[]>([]);
  useEffect(() => {
    const timer = window.setInterval(() => setLevels((l) => [...l.slice(1 - bars), recording.level()]), 80);
    return () => window.clearInterval(timer);
  }, [recording]);
  return (
    <>
      <span className="flex h-5 items-center gap-0.5" aria-hidden="true">
        {levels.map((level, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: bars of a meter have no identity
          <span key={i} className="w-0.5 rounded-full bg-current" style={{ height: 2 + level * 18 }} />
        ))}
      </span>
      <span role="timer" className="nums text-sm">
        {formatDuration(now - recording.startedAt, locale)}
      </span>
    </>
  );
}
