import { useTranslation } from "react-i18next";
import type { SettingsAccountsQuery } from "@/graphql/generated/graphql";
import { Field, Select } from "@/ui/Field";
import { settingHint, settingLabel } from "./provider";

export type Provider = SettingsAccountsQuery["providers"][number];
type Setting = Provider["settings"][number];
type Saved = NonNullable<SettingsAccountsQuery["accounts"][number]["settings"]>;

/** Shows a form field for each setting and secret that the provider declares. */
export function ProviderFields({ provider, saved }: { provider: Provider; saved: Saved | null }) {
  return provider.settings.map((s) => {
    if (s.kind === "SECRET") return <SecretField key={s.name} provider={provider.name} setting={s} saved={saved} />;
    return <SettingField key={s.name} provider={provider.name} setting={s} saved={saved} />;
  });
}

type Props = { provider: string; setting: Setting; saved: Saved | null };

function SettingField({ provider, setting: s, saved }: Props) {
  const { t } = useTranslation();
  const value = saved?.providerSettings.find((x) => x.name === s.name)?.value;
  const shared = {
    label: settingLabel(provider, s.name),
    hint: settingHint(provider, s.name),
    name: fieldName(s),
    required: s.required,
  };
  if (s.kind === "CHOICE") {
    return (
      <Select {...shared} defaultValue={value ?? s.default ?? ""}>
        {!s.required && !s.default && <option value="">{t("common.none")}</option>}
        {s.choices.map((c) => (
          <option key={c} value={c}>
            {c}
          </option>
        ))}
      </Select>
    );
  }
  return (
    <Field
      {...shared}
      type={s.kind === "URL" ? "url" : "text"}
      defaultValue={value ?? ""}
      placeholder={s.default ?? undefined}
      pattern={s.pattern ?? undefined}
      readOnly={s.identity && saved !== null}
    />
  );
}

/** Secrets cannot be read back. For a saved one, only its last four characters are shown. */
function SecretField({ provider, setting: s, saved }: Props) {
  const { t } = useTranslation();
  const secret = saved?.secrets.find((x) => x.name === s.name);
  return (
    <Field
      type="password"
      autoComplete="off"
      label={settingLabel(provider, s.name)}
      name={fieldName(s)}
      pattern={s.pattern ?? undefined}
      required={s.required && !secret}
      hint={
        secret
          ? `${t("settings.secretKept", { last4: secret.last4 })}. ${t("settings.secretHint")}`
          : settingHint(provider, s.name)
      }
    />
  );
}

/** Returns the name of a setting's form field. */
export function fieldName(setting: Pick<Setting, "name">): string {
  return `provider.${setting.name}`;
}
