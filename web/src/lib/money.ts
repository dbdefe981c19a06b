/** A price as people write it; what is no number, or in no currency anybody knows, as it came. */
export function money(amount: string, currency: string, locale: string): string {
  const number = amount.trim() === "" ? Number.NaN : Number(amount);
  if (Number.isFinite(number)) {
    try {
      return new Intl.NumberFormat(locale, { style: "currency", currency }).format(number);
    } catch {
      // no code of a currency
    }
  }
  return [amount, currency].filter(Boolean).join(" ") || "–";
}
