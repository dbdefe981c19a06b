import { useTranslation } from "react-i18next";
import { signIn } from "@/lib/session";
import { Field } from "@/ui/Field";
import { AuthForm } from "./AuthForm";

/** Asks for login and password. */
export function SignIn({ onDone }: { onDone: (state: "in" | "mustChange") => void }) {
  const { t } = useTranslation();
  return (
    <AuthForm
      title="Parley"
      lead={t("signIn.lead")}
      button={t("signIn.submit")}
      submit={async (field) => {
        const result = await signIn(field("login"), field("password"));
        if (result === "in" || result === "mustChange") onDone(result);
        return result;
      }}
      errorText={(result) => (result === "in" || result === "mustChange" ? null : t(`signIn.${result}`))}
    >
      <Field
        label={t("signIn.login")}
        name="login"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
        required
      />
      <Field label={t("signIn.password")} name="password" type="password" autoComplete="current-password" required />
    </AuthForm>
  );
}
