import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocale } from "@/i18n/locale";
import { bytes } from "@/lib/bytes";
import { notify } from "@/lib/notices";

export type Account = { attachments: boolean; maxAttachmentBytes: number } | null;

export type Files = {
  all: readonly File[];
  /** The name of a file that is being downloaded into the composer. */
  fetching: string | null;
  add: (files: Iterable<File>) => void;
  /** Downloads a file from the server, such as a canned answer's. */
  fetch: (media: { url: string | null; fileName: string | null; size: number | null }) => Promise<void>;
  remove: (file: File) => void;
  clear: () => void;
};

/** The attached files of each interaction, kept while the agent looks at another one. */
const attached = new Map<string, readonly File[]>();

/** Forgets the attached files of all interactions. */
export function forgetFiles(): void {
  attached.clear();
}

/**
 * Manages the files attached in the composer; each is sent as a message of its own. Files the account does not accept
 * are refused with a notice.
 */
export function useFiles(interactionId: string, account: Account): Files {
  const { t } = useTranslation();
  const locale = useLocale();
  const [all, setAll] = useState(attached.get(interactionId) ?? []);
  const [fetching, setFetching] = useState<string | null>(null);
  useEffect(() => {
    attached.set(interactionId, all);
  }, [interactionId, all]);
  const refuse = (text: string) => notify({ tone: "danger", text });
  const accepts = (name: string, size: number): boolean => {
    const max = account?.maxAttachmentBytes ?? 0;
    if (!account?.attachments) refuse(t("composer.filesOff"));
    else if (size > max) refuse(t("composer.tooBig", { name, size: bytes(max, locale) }));
    else if (size === 0) refuse(t("composer.emptyFile", { name }));
    else return true;
    return false;
  };
  const add = (files: Iterable<File>) => {
    const accepted = [...files].filter((f) => accepts(f.name, f.size));
    setAll((now) => [...now, ...accepted]);
  };
  return {
    all,
    fetching,
    add,
    async fetch({ url, fileName, size }) {
      const name = fileName ?? t("composer.file");
      if (!url || !accepts(name, size ?? 1)) return;
      setFetching(name);
      try {
        const answer = await fetch(url);
        if (!answer.ok) throw new Error(String(answer.status));
        const body = await answer.blob();
        add([new File([body], name, { type: body.type })]);
      } catch {
        refuse(t("composer.notFetched", { name }));
      } finally {
        setFetching(null);
      }
    },
    remove: (file) => setAll((now) => now.filter((f) => f !== file)),
    clear: () => setAll([]),
  };
}
