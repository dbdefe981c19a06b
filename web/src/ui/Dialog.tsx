import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";

type Props = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: string | undefined;
  wide?: boolean;
  children: ReactNode;
  footer?: ReactNode;
};

/**
 * A modal dialog. The backdrop is our own element, because the library's overlay injects a style sheet that the content
 * security policy blocks.
 */
export function Dialog({ open, onOpenChange, title, description, wide, children, footer }: Props) {
  const { t } = useTranslation();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <div className="fixed inset-0 z-40 animate-fade bg-scrim" aria-hidden="true" />
        <Radix.Content
          className={cn(
            "fixed inset-x-3 top-[12vh] z-50 mx-auto flex max-h-[80vh] animate-rise flex-col overflow-hidden",
            "rounded-xl border border-line bg-raised shadow-high outline-none",
            wide ? "max-w-3xl" : "max-w-md",
          )}
          onOpenAutoFocus={(e) => {
            const wanted = (e.target as HTMLElement).querySelector<HTMLElement>("[data-first]");
            if (!wanted) return;
            e.preventDefault();
            wanted.focus();
          }}
          {...(description ? {} : { "aria-describedby": undefined })}
        >
          <header className="flex items-start gap-3 pt-4 ps-5 pe-14 pb-2">
            <div className="min-w-0 flex-1">
              <Radix.Title className="font-semibold text-lg">{title}</Radix.Title>
              {description && <Radix.Description className="mt-0.5 text-muted">{description}</Radix.Description>}
            </div>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 py-2">{children}</div>
          {footer && <footer className="flex justify-end gap-2 px-5 pt-2 pb-4">{footer}</footer>}
          <Radix.Close
            aria-label={t("common.dismiss")}
            className="absolute inset-e-3 top-3 grid size-8 place-items-center rounded-md text-muted hover:bg-hover hover:text-text"
          >
            <X size={16} />
          </Radix.Close>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
