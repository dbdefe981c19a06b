import { Check } from "lucide-react";
import { DropdownMenu as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";
import type { KeyName } from "@/lib/keys";
import { Kbd } from "./Kbd";

const panel = cn(
  "z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-44 max-w-80 animate-fade",
  "overflow-y-auto rounded-lg border border-line bg-raised p-1 shadow-high",
);
const row = cn(
  "flex w-full cursor-default select-none items-center gap-2 rounded-md px-2 py-1.5 text-start",
  "text-base outline-none data-[highlighted]:bg-hover data-[disabled]:opacity-50",
);

type MenuProps = {
  trigger: ReactNode;
  children: ReactNode;
  align?: "start" | "center" | "end";
  side?: "top" | "bottom" | "left" | "right";
};

/** A menu opened by a button. */
export function Menu({ trigger, children, align = "end", side = "bottom" }: MenuProps) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content align={align} side={side} sideOffset={4} collisionPadding={8} className={panel}>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

type ItemProps = {
  icon?: ReactNode;
  shortcut?: KeyName;
  danger?: boolean;
  disabled?: boolean;
  checked?: boolean;
  hint?: ReactNode;
  onSelect: () => void;
  children: ReactNode;
};

export function MenuItem({ icon, shortcut, danger, disabled, checked, hint, onSelect, children }: ItemProps) {
  return (
    <Radix.Item className={cn(row, danger && "text-danger")} {...(disabled ? { disabled } : {})} onSelect={onSelect}>
      {icon && <span className="grid size-4 place-items-center text-muted">{icon}</span>}
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {hint && <span className="text-muted text-sm">{hint}</span>}
      {checked && <Check size={14} className="text-accent" />}
      {shortcut && <Kbd name={shortcut} />}
    </Radix.Item>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <Radix.Label className="px-2 pt-1.5 pb-1 font-medium text-muted text-xs">{children}</Radix.Label>;
}

export function MenuSeparator() {
  return <Radix.Separator className="my-1 h-px bg-line" />;
}
