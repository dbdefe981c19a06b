import i18next from "i18next";

/** Returns a provider's text, if there is one. Its key is known only at run time, so the compiler cannot check it. */
function text(path: string): string | undefined {
  const key = `settings.provider.${path}`;
  return i18next.exists(key) ? String(i18next.t(key as never)) : undefined;
}

export function providerTitle(provider: string): string {
  return text(`${provider}.title`) ?? provider;
}

export function settingLabel(provider: string, setting: string): string {
  return text(`${provider}.label.${setting}`) ?? setting;
}

export function settingHint(provider: string, setting: string): string | undefined {
  return text(`${provider}.hint.${setting}`);
}
