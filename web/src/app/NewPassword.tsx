import { useTranslation } from "react-i18next";
import { choosePassword } from "@/lib/session";
import { Field } from "@/ui/Field";
import { AuthForm } from "./AuthForm";

/** Makes someone who signed in with a password set by an administrator choose their own. */
export function NewPassword({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  return (
    <AuthForm
      title={t("newPassword.title")}
      lead={t("newPassword.lead")}
      button={t("newPassword.submit")}
      submit={async (field) => {
        const result = await choosePassword(field("current"), field("password"));
        if (result === "in") onDone();
        return result;
      }}
      errorText={(result) => {
        if (result === "in") return null;
        if (result === "wrong") return t("newPassword.wrong");
        return t(`signIn.${result === "mustChange" ? "fault" : result}`);
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
        label={t("newPassword.password")}
        hint={t("settings.field.passwordHint")}
        name="password"
        type="password"
        autoComplete="new-password"
        minLength={8}
        required
      />
    </AuthForm>
  );
}
