import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, type Ref, useEffect, useImperativeHandle, useRef } from "react";
import { cn } from "@/lib/cn";

export type VirtualListHandle = { scrollTo: (index: number) => void; top: () => void; atTop: () => boolean };

type Props<T> = {
  ref?: Ref<VirtualListHandle>;
  items: readonly T[];
  rowHeight: number;
  itemKey: (item: T) => string;
  label: string;
  onEnd?: () => void;
  className?: string;
  footer?: ReactNode;
  children: (item: T, index: number) => ReactNode;
};

/** A list of rows of equal height that renders only the visible ones. */
export function VirtualList<T>(props: Props<T>) {
  const { ref, items, rowHeight, itemKey, label, onEnd, className, footer, children } = props;
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    getItemKey: (i) => {
      const item = items[i];
      return item === undefined ? i : itemKey(item);
    },
  });
  useImperativeHandle(ref, () => ({
    scrollTo: (index) => virtual.scrollToIndex(index, { align: "auto" }),
    top: () => box.current?.scrollTo({ top: 0 }),
    atTop: () => (box.current?.scrollTop ?? 0) < rowHeight / 2,
  }));
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new row height requires measuring all rows again
  useEffect(() => virtual.measure(), [rowHeight]);
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? -1;
  useEffect(() => {
    if (last >= 0 && last >= items.length - 10) onEnd?.();
  }, [last, items.length, onEnd]);
  return (
    <div ref={box} className={cn("min-h-0 flex-1 overflow-y-auto overscroll-contain", className)}>
      <ul aria-label={label} className="relative" style={{ height: virtual.getTotalSize() }}>
        {shown.map((v) => {
          const item = items[v.index];
          if (item === undefined) return null;
          return (
            <li
              key={v.key}
              aria-setsize={items.length}
              aria-posinset={v.index + 1}
              className="absolute inset-x-0 top-0"
              style={{ height: v.size, transform: `translateY(${v.start}px)` }}
            >
              {children(item, v.index)}
            </li>
          );
        })}
      </ul>
      {footer}
    </div>
  );
}
