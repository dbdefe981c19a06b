import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from "react";
import { cn } from "@/lib/cn";
import { remember, remembered } from "@/lib/stored";

type Props = {
  name: string;
  label: string;
  initial: number;
  min: number;
  max: number;
  /** The side with the fixed width. The other side takes the remaining space. */
  fixed: "start" | "end";
  start: ReactNode;
  end: ReactNode;
};

/** Two panes with a divider that can be dragged or moved with the arrow keys. The width is stored. */
export function Split({ name, label, initial, min, max, fixed, start, end }: Props) {
  const [width, setWidth] = useState(() => clamp(Number(remembered(`split.${name}`)) || initial));
  const from = useRef<{ x: number; width: number } | null>(null);
  const sign = fixed === "start" ? 1 : -1;

  function clamp(w: number): number {
    return Math.min(max, Math.max(min, Math.round(w)));
  }
  const settle = (w: number) => {
    setWidth(clamp(w));
    remember(`split.${name}`, String(clamp(w)));
  };
  const onPointerDown = (e: PointerEvent<HTMLHRElement>) => {
    e.currentTarget.setPointerCapture(e.pointerId);
    from.current = { x: e.clientX, width };
  };
  const onPointerMove = (e: PointerEvent) => {
    if (!from.current) return;
    const mirrored = document.documentElement.dir === "rtl" ? -1 : 1;
    setWidth(clamp(from.current.width + (e.clientX - from.current.x) * sign * mirrored));
  };
  const onPointerUp = () => {
    if (from.current) settle(width);
    from.current = null;
  };
  const onKeyDown = (e: KeyboardEvent) => {
    const step = e.key === "ArrowRight" ? 16 : e.key === "ArrowLeft" ? -16 : 0;
    if (step !== 0) {
      e.preventDefault();
      settle(width + step * sign);
    }
  };
  const pane = { width };
  return (
    <div className="flex h-full min-h-0 min-w-0 flex-1">
      <div
        className={fixed === "start" ? "flex min-w-0 shrink-0 flex-col" : "flex min-w-0 flex-1 flex-col"}
        style={fixed === "start" ? pane : undefined}
      >
        {start}
      </div>
      <hr
        tabIndex={0}
        aria-label={label}
        aria-orientation="vertical"
        aria-valuenow={width}
        aria-valuemin={min}
        aria-valuemax={max}
        className={cn(
          "relative z-10 m-0 h-full w-px shrink-0 cursor-col-resize touch-none border-0 bg-line",
          "transition-colors after:absolute after:inset-y-0 after:-start-1 after:w-2 after:content-['']",
          "hover:bg-accent focus-visible:bg-accent",
        )}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onKeyDown={onKeyDown}
        onDoubleClick={() => settle(initial)}
      />
      <div
        className={fixed === "end" ? "flex min-w-0 shrink-0 flex-col" : "flex min-w-0 flex-1 flex-col"}
        style={fixed === "end" ? pane : undefined}
      >
        {end}
      </div>
    </div>
  );
}
