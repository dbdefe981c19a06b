/** A spot of a tag's colour, beside its word. A colour the theme does not know is grey. */
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
