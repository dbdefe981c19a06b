import { Tooltip as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";
import type { KeyName } from "@/lib/keys";
import { Kbd } from "./Kbd";

type Props = {
  label: ReactNode;
  shortcut?: KeyName | undefined;
  side?: "top" | "right" | "bottom" | "left" | undefined;
  children: ReactNode;
};

/** Shows a label and its shortcut. */
export function Tooltip({ label, shortcut, side = "bottom", children }: Props) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className={cn(
            "z-50 flex max-w-72 animate-fade items-center gap-2 rounded-md bg-inverse-ground px-2 py-1",
            "text-inverse text-sm shadow-high",
          )}
        >
          {label}
          {shortcut && <Kbd name={shortcut} inverse />}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export const TooltipProvider = Radix.Provider;
