import { Popover as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";
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

/** A small panel next to its trigger. */
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
            // Keep the focus if the user is already typing elsewhere. Otherwise return it to the trigger.
            if (isTyping(document.activeElement)) e.preventDefault();
          }}
          className={cn(
            "z-50 max-h-(--radix-popover-content-available-height)",
            "max-w-(--radix-popover-content-available-width) animate-rise overflow-auto rounded-lg border",
            "border-line bg-raised p-3 shadow-high outline-none",
          )}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
