import { Popover as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { isTyping } from "@/lib/keys";

type Props = {
  trigger: ReactNode;
  children: ReactNode;
  label: string;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  align?: "start" | "center" | "end";
  side?: "top" | "bottom";
};

/** A small surface beside what opened it. */
export function Popover({ trigger, children, label, open, onOpenChange, align = "start", side = "bottom" }: Props) {
  return (
    <Radix.Root {...(open === undefined ? {} : { open })} {...(onOpenChange ? { onOpenChange } : {})}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          aria-label={label}
          align={align}
          side={side}
          sideOffset={6}
          collisionPadding={8}
          onCloseAutoFocus={(e) => {
            // Whoever went on to write keeps the focus; else it goes back to what opened this.
            if (isTyping(document.activeElement)) e.preventDefault();
          }}
          className="z-50 max-h-(--radix-popover-content-available-height) max-w-(--radix-popover-content-available-width) animate-rise overflow-auto rounded-lg border border-line bg-raised p-3 shadow-high outline-none"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
