import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useLocale } from "@/i18n/locale";
import { cn } from "@/lib/cn";
import { formatTime } from "@/lib/time";
import { useObjectUrl } from "@/lib/useObjectUrl";
import { Button, IconButton } from "@/ui/Button";
import { FilePreview } from "@/ui/FilePreview";
import { Ticks } from "@/ui/Ticks";
import { FoldedText } from "./FoldedText";
import type { Pending } from "./outbox";

type Props = { pending: Pending; onRetry: () => void; onDiscard: () => void };

/** A message that is being sent, or that was refused and can be retried. */
export function PendingBubble({ pending: p, onRetry, onDiscard }: Props) {
  const { t } = useTranslation();
  const locale = useLocale();
  const failed = p.state === "failed";
  const answered = p.problem?.code === "ANSWERED_SINCE";
  return (
    <article
      data-message={p.id}
      data-author="AGENT"
      data-status={failed ? "NOT_SENT" : "QUEUED"}
      className="mt-2.5 flex flex-col"
    >
      <div
        className={cn(
          "pad-bubble relative max-w-[min(36rem,86%)] self-end rounded-xl rounded-ee-sm bg-us px-3 text-us-text",
          failed && "outline outline-danger",
        )}
      >
        {p.quoted && (
          <blockquote className="mb-1 line-clamp-2 rounded-md border-accent border-s-3 bg-surface px-2 py-1 text-muted text-sm">
            {p.quoted.text}
          </blockquote>
        )}
        {p.file && <UploadProgress file={p.file} progress={failed ? null : p.progress} onCancel={onDiscard} />}
        <div className="flow-root whitespace-pre-wrap break-words">
          <FoldedText id={p.id} text={p.text} />
          <p className="nums float-end ms-3 mt-1.5 -mb-0.5 flex items-center gap-1 text-bubble-muted text-xs">
            <time>{formatTime(p.at, locale)}</time>
            <Ticks
              status={failed ? "FAILED" : "QUEUED"}
              label={failed ? t("composer.notSent") : t("composer.sending")}
            />
          </p>
        </div>
      </div>
      {failed && (
        <div
          role="alert"
          className="mt-1 flex max-w-[36rem] flex-wrap items-center justify-end gap-2 self-end text-danger text-sm"
        >
          <span>{answered ? t("composer.answeredSince") : p.problem?.message || t("composer.notSent")}</span>
          <Button size="sm" onClick={onRetry}>
            {answered ? t("composer.sendAnyway") : t("common.retry")}
          </Button>
          <Button size="sm" tone="quiet" onClick={onDiscard}>
            {t("common.discard")}
          </Button>
        </div>
      )}
    </article>
  );
}

/** A file that is being uploaded, with its progress and a cancel button. */
function UploadProgress({ file, progress, onCancel }: { file: File; progress: number | null; onCancel: () => void }) {
  const { t } = useTranslation();
  const url = useObjectUrl(file);
  const percent = Math.round((progress ?? 0) * 100);
  const uploading = progress !== null && progress < 1;
  return (
    <div className="my-1 w-64 max-w-full rounded-lg bg-surface px-3 py-2 text-text">
      <div className="flex items-center gap-2">
        <FilePreview name={file.name} mimeType={file.type} size={file.size} url={url} />
        {uploading && (
          <IconButton label={t("composer.cancelUpload", { name: file.name })} onClick={onCancel}>
            <X size={14} />
          </IconButton>
        )}
      </div>
      {uploading && (
        <progress
          aria-label={t("composer.uploading", { name: file.name })}
          value={percent}
          max={100}
          className="mt-2 block h-1 w-full accent-accent"
        />
      )}
    </div>
  );
}
