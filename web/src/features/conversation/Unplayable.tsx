import { Download } from "lucide-react";
import { useTranslation } from "react-i18next";

/** Says that the browser cannot play a recording, and offers it as a file. */
export function Unplayable({ url, what }: { url: string; what: string }) {
  const { t } = useTranslation();
  return (
    <span
      role="alert"
      data-unplayable=""
      className="my-1 flex max-w-full flex-wrap items-center gap-x-3 gap-y-1 rounded-lg bg-surface px-3 py-2.5 text-text"
    >
      <span className="min-w-0 flex-1">{t("conversation.media.unplayable", { what })}</span>
      <a href={url} download="" className="flex items-center gap-1.5 font-medium text-accent hover:underline">
        <Download size={14} />
        {t("conversation.media.save")}
      </a>
    </span>
  );
}
