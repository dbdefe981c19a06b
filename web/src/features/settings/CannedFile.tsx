import { Paperclip, X } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { upload } from "@/lib/upload";
import { useObjectUrl } from "@/lib/useObjectUrl";
import { Button, IconButton } from "@/ui/Button";
import { FilePreview } from "@/ui/FilePreview";

type StoredFile = { attachmentId: string; fileName: string; mimeType: string; size: number | null; url: string | null };
type Props = { name: string; stored: StoredFile | null };

/** The file of a canned answer, with upload, preview and removal. The form submits the id in the hidden field. */
export function CannedFile({ name, stored }: Props) {
  const { t } = useTranslation();
  const [file, setFile] = useState<StoredFile | null>(stored);
  const [chosen, setChosen] = useState<File | null>(null);
  const [progress, setProgress] = useState<number | null>(null);
  const [errorText, setErrorText] = useState<string | null>(null);
  const picker = useRef<HTMLInputElement>(null);
  const preview = useObjectUrl(chosen);
  const take = async (f: File | undefined) => {
    if (!f) return;
    setErrorText(null);
    setProgress(0);
    const { id, problem } = await upload(f, { for: "cannedAnswer" }, setProgress);
    setProgress(null);
    if (problem) return setErrorText(problem.message);
    setChosen(f);
    setFile({ attachmentId: id, fileName: f.name, mimeType: f.type, size: f.size, url: null });
  };
  return (
    <fieldset className="col-span-full">
      <legend className="mb-1 font-medium text-muted text-sm">{t("settings.field.file")}</legend>
      <input type="hidden" name={name} value={file?.attachmentId ?? ""} />
      <input
        ref={picker}
        type="file"
        hidden
        aria-label={t("settings.field.chooseFile")}
        onChange={(e) => {
          void take(e.target.files?.[0]);
          e.target.value = "";
        }}
      />
      {file ? (
        <div className="flex items-center gap-2 rounded-md border border-line p-2" data-kept={file.fileName}>
          <FilePreview name={file.fileName} mimeType={file.mimeType} size={file.size} url={file.url ?? preview} />
          <IconButton label={t("settings.field.removeFile", { name: file.fileName })} onClick={() => setFile(null)}>
            <X size={14} />
          </IconButton>
        </div>
      ) : (
        <Button onClick={() => picker.current?.click()} disabled={progress !== null}>
          <Paperclip size={14} />
          {progress === null
            ? t("settings.field.chooseFile")
            : t("settings.field.uploading", { percent: Math.round(progress * 100) })}
        </Button>
      )}
      {errorText && (
        <p role="alert" className="mt-1 text-danger text-sm">
          {errorText}
        </p>
      )}
    </fieldset>
  );
}
