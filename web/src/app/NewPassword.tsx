import { useTranslation } from "react-i18next";
import { choosePassword } from "@/lib/session";
import { Field } from "@/ui/Field";
import { Door } from "./Door";

/** Behind the first door: who signed in with a password that somebody else set chooses one of his own. */
export function NewPassword({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  return (
    <Door
      title={t("newPassword.title")}
      lead={t("newPassword.lead")}
      button={t("newPassword.submit")}
      ask={async (field) => {
        const got = await choosePassword(field("current"), field("password"));
        if (got === "in") onDone();
        return got;
      }}
      words={(result) => {
        if (result === "in") return null;
        if (result === "wrong") return t("newPassword.wrong");
        return t(`signIn.${result === "due" ? "fault" : result}`);
      }}
    >
      <Field
        label={t("newPassword.current")}
        name="current"
        type="password"
        autoComplete="current-password"
        autoFocus
        required
      />
      <Field
        label={t("newPassword.chosen")}
        hint={t("settings.field.passwordHint")}
        name="password"
        type="password"
        autoComplete="new-password"
        minLength={8}
        required
      />
    </Door>
  );
}
