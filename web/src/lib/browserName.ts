/** Names the browser and system in a User-Agent header, such as "Firefox · Windows". Empty if it names neither. */
export function browserName(userAgent: string): string {
  const first = (names: readonly (readonly [RegExp, string])[]) => names.find(([found]) => found.test(userAgent))?.[1];
  // The order matters: most browsers also claim to be those further down.
  const browser = first([
    [/Edg(e|A|iOS)?\//, "Edge"],
    [/OPR\//, "Opera"],
    [/Firefox\/|FxiOS\//, "Firefox"],
    [/Chrome\/|CriOS\//, "Chrome"],
    [/Safari\//, "Safari"],
  ]);
  const system = first([
    [/Windows/, "Windows"],
    [/iPhone|iPad/, "iOS"],
    [/Android/, "Android"],
    [/Mac OS X/, "macOS"],
    [/Linux|X11/, "Linux"],
  ]);
  return [browser, system].filter(Boolean).join(" · ");
}
