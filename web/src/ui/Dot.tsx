/** A dot in the tag's colour. Unknown colours are grey. */
export function Dot({ color }: { color: string | undefined }) {
  return (
    <span
      data-color={color ?? "grey"}
      aria-hidden="true"
      className="size-1.5 shrink-0 rounded-full"
      style={{ backgroundColor: `var(--tag-${color ?? "grey"}, var(--tag-grey))` }}
    />
  );
}
