import { Mic, SendHorizontal, Trash2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { notify } from "@/lib/notices";
import { lasted, useNow } from "@/lib/time";
import { Button, IconButton } from "@/ui/Button";
import { canRecord, type Recording, record } from "./recorder";

/** Records a voice message (R57): level and length while speaking, then send or throw away. */
export function VoiceRecorder({ onDone }: { onDone: (file: File) => void }) {
  const { t } = useTranslation();
  const [recording, setRecording] = useState<Recording | null>(null);
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
  if (!recording) {
    return (
      <IconButton label={t("composer.record")} onClick={() => void start()}>
        <Mic size={16} />
      </IconButton>
    );
  }
  const send = async () => {
    set(null);
    onDone(await recording.stop());
  };
  const discard = () => {
    recording.cancel();
    set(null);
  };
  return (
    <span className="flex items-center gap-2 rounded-full bg-danger-soft ps-3 text-danger">
      <Meter recording={recording} />
      <IconButton label={t("composer.discardRecording")} onClick={discard} className="size-7">
        <Trash2 size={14} />
      </IconButton>
      <Button size="sm" tone="primary" onClick={() => void send()} aria-label={t("composer.sendRecording")}>
        <SendHorizontal size={13} className="rtl:-scale-x-100" />
      </Button>
    </span>
  );
}

const bars = 16;

function Meter({ recording }: { recording: Recording }) {
  const now = useNow();
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
        {lasted(now - recording.startedAt)}
      </span>
    </>
  );
}
