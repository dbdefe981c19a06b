import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";
import { useObjectUrl } from "@/lib/useObjectUrl";
import { IconButton } from "@/ui/Button";
import { FilePreview } from "@/ui/FilePreview";
import type { Mode } from "./compose";
import type { Files } from "./useFiles";

const chosen: Record<Mode, string> = {
  reply: "bg-selected text-accent",
  note: "bg-note text-note-text",
  whisper: "bg-whisper text-whisper-text",
};
const labelKey = { reply: "composer.modeReply", note: "composer.modeNote", whisper: "composer.modeWhisper" } as const;

/** Chooses who the text is for. */
export function ModeBar({ modes, mode, onMode }: { modes: readonly Mode[]; mode: Mode; onMode: (m: Mode) => void }) {
  const { t } = useTranslation();
  return (
    <div role="toolbar" aria-label={t("composer.mode")} className="mb-1.5 flex gap-0.5">
      {modes.map((m) => (
        <button
          key={m}
          type="button"
          aria-pressed={mode === m}
          onClick={() => onMode(m)}
          className={cn(
            "h-6 rounded-md px-2 font-medium text-sm",
            mode === m ? chosen[m] : "text-muted hover:bg-hover",
          )}
        >
          {t(labelKey[m])}
        </button>
      ))}
    </div>
  );
}

/** The message being replied to. */
export function QuoteBar({ name, text, onDone }: { name: string; text: string; onDone: () => void }) {
  const { t } = useTranslation();
  return (
    <p className="flex items-center gap-2 border-line border-b py-1 ps-3 pe-1 text-sm">
      <span className="min-w-0 flex-1 truncate text-muted">
        <span className="font-medium text-accent">{t("composer.quoting", { name })}</span> {text}
      </span>
      <IconButton label={t("composer.cancelReply")} onClick={onDone} className="size-6">
        <X size={13} />
      </IconButton>
    </p>
  );
}

/** The attached files. Each is sent as a message of its own. */
export function Attached({ files, onRemove }: { files: Files; onRemove: (f: File) => void }) {
  const { t } = useTranslation();
  if (files.all.length === 0 && !files.fetching) return null;
  return (
    <div className="border-line border-b py-1.5 ps-3 pe-1.5 text-text">
      <ul aria-label={t("composer.files")} className="flex flex-col gap-1.5">
        {files.all.map((f) => (
          <AttachedFile key={`${f.name}${f.size}${f.lastModified}`} file={f} onRemove={onRemove} />
        ))}
      </ul>
      {files.fetching && (
        <p role="status" className="py-1 text-muted text-sm">
          {t("composer.fetching", { name: files.fetching })}
        </p>
      )}
      {files.all.length > 1 && (
        <p className="pt-1 text-muted text-sm">{t("composer.oneEach", { count: files.all.length })}</p>
      )}
    </div>
  );
}

function AttachedFile({ file, onRemove }: { file: File; onRemove: (f: File) => void }) {
  const { t } = useTranslation();
  const url = useObjectUrl(file);
  return (
    <li className="flex items-center gap-2" data-attached={file.name}>
      <FilePreview name={file.name} mimeType={file.type} size={file.size} url={url} />
      <IconButton label={t("composer.removeFile", { name: file.name })} onClick={() => onRemove(file)}>
        <X size={14} />
      </IconButton>
    </li>
  );
}
