import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/lib/cn";
import type { KeyName } from "@/lib/keys";
import { Tooltip } from "./Tooltip";

type Tone = "primary" | "plain" | "quiet" | "danger" | "note" | "whisper";

const tones: Record<Tone, string> = {
  primary: "bg-accent text-on-accent hover:bg-accent-hover",
  plain: "bg-raised text-text border border-line-strong hover:bg-hover",
  quiet: "text-text hover:bg-hover",
  danger: "bg-danger text-on-danger hover:opacity-90",
  note: "bg-note text-note-text border border-note-line hover:brightness-97",
  whisper: "bg-whisper text-whisper-text border border-whisper-line hover:brightness-97",
};

type ButtonProps = ComponentProps<"button"> & { tone?: Tone; size?: "sm" | "md" };

/** A button with a text label. */
export function Button({ tone = "plain", size = "md", className, type = "button", ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      className={cn(
        "inline-flex select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md",
        "font-medium transition-colors disabled:cursor-default disabled:opacity-50",
        size === "md" ? "h-8 px-3 text-base" : "h-7 px-2 text-sm",
        tones[tone],
        className,
      )}
      {...rest}
    />
  );
}

type IconButtonProps = Omit<ComponentProps<"button">, "aria-label"> & {
  label: string;
  shortcut?: KeyName;
  side?: "top" | "right" | "bottom" | "left";
  children: ReactNode;
};

/** An icon button. The tooltip shows its label and shortcut. */
export function IconButton({ label, shortcut, side, className, children, type = "button", ...rest }: IconButtonProps) {
  return (
    <Tooltip label={label} shortcut={shortcut} side={side}>
      <button
        type={type}
        aria-label={label}
        className={cn(
          "inline-grid size-8 shrink-0 place-items-center rounded-md text-muted transition-colors",
          "hover:bg-hover hover:text-text disabled:cursor-default disabled:opacity-50",
          "aria-pressed:bg-selected aria-pressed:text-accent",
          className,
        )}
        {...rest}
      >
        {children}
      </button>
    </Tooltip>
  );
}
