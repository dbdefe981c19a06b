/** Formats a price. Returns the input unchanged if the amount or the currency is invalid. */
export function money(amount: string, currency: string, locale: string): string {
  const number = amount.trim() === "" ? Number.NaN : Number(amount);
  if (Number.isFinite(number)) {
    try {
      return new Intl.NumberFormat(locale, { style: "currency", currency }).format(number);
    } catch {
      // not a currency code
    }
  }
  return [amount, currency].filter(Boolean).join(" ") || "–";
}
