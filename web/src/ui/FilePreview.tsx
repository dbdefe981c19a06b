import { AudioLines, FileText, Film } from "lucide-react";
import { useLocale } from "@/i18n/locale";
import { bytes } from "@/lib/bytes";
import { FileName } from "./FileName";

type Props = {
  name: string;
  mimeType: string;
  size: number | null;
  url: string | null;
};

/** Shows a file's thumbnail or icon, name and size. */
export function FilePreview({ name, mimeType, size, url }: Props) {
  const locale = useLocale();
  const Icon = mimeType.startsWith("audio/") ? AudioLines : mimeType.startsWith("video/") ? Film : FileText;
  return (
    <span className="flex min-w-0 flex-1 items-center gap-2.5">
      {url && mimeType.startsWith("image/") ? (
        <img src={url} alt="" className="size-10 shrink-0 rounded-md bg-canvas object-cover" />
      ) : (
        <span className="grid size-10 shrink-0 place-items-center rounded-md bg-canvas text-muted">
          <Icon size={18} />
        </span>
      )}
      <span className="min-w-0">
        <FileName name={name} />
        {size !== null && <span className="nums block text-muted text-sm">{bytes(size, locale)}</span>}
      </span>
    </span>
  );
}
