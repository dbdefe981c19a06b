import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocale } from "@/i18n/locale";
import { bytes } from "@/lib/bytes";
import { notify } from "@/lib/notices";

export type Account = { attachments: boolean; maxAttachmentBytes: number } | null;

export type Files = {
  all: readonly File[];
  /** The name of one that is on its way into the composer. */
  coming: string | null;
  take: (files: Iterable<File>) => void;
  /** Takes a file of the server, such as a canned answer's. */
  fetch: (media: { url: string | null; fileName: string | null; size: number | null }) => Promise<void>;
  drop: (file: File) => void;
  clear: () => void;
};

/** Files stay with their interaction while one looks at another. */
const kept = new Map<string, readonly File[]>();

/** The files that go with the next messages, one each. What the account does not take is refused here, in words (R54–R56). */
export function useFiles(interactionId: string, account: Account): Files {
  const { t } = useTranslation();
  const locale = useLocale();
  const [all, setAll] = useState(kept.get(interactionId) ?? []);
  const [coming, setComing] = useState<string | null>(null);
  useEffect(() => {
    kept.set(interactionId, all);
  }, [interactionId, all]);
  const refuse = (text: string) => notify({ tone: "danger", text });
  const fits = (name: string, size: number): boolean => {
    const max = account?.maxAttachmentBytes ?? 0;
    if (!account?.attachments) refuse(t("composer.filesOff"));
    else if (size > max) refuse(t("composer.tooBig", { name, size: bytes(max, locale) }));
    else if (size === 0) refuse(t("composer.emptyFile", { name }));
    else return true;
    return false;
  };
  const take = (files: Iterable<File>) => {
    const taken = [...files].filter((f) => fits(f.name, f.size));
    setAll((now) => [...now, ...taken]);
  };
  return {
    all,
    coming,
    take,
    async fetch({ url, fileName, size }) {
      const name = fileName ?? t("composer.file");
      if (!url || !fits(name, size ?? 1)) return;
      setComing(name);
      try {
        const answer = await fetch(url);
        if (!answer.ok) throw new Error(String(answer.status));
        const body = await answer.blob();
        take([new File([body], name, { type: body.type })]);
      } catch {
        refuse(t("composer.notFetched", { name }));
      } finally {
        setComing(null);
      }
    },
    drop: (file) => setAll((now) => now.filter((f) => f !== file)),
    clear: () => setAll([]),
  };
}
