/** Formats a file size. A megabyte is 1 048 576 bytes, as in the account's limit. */
export function bytes(n: number, locale: string): string {
  const [value, unit] = n >= 1024 * 1024 ? [n / 1024 / 1024, "megabyte"] : [n / 1024, "kilobyte"];
  return new Intl.NumberFormat(locale, { style: "unit", unit, maximumFractionDigits: 1 }).format(value);
}
