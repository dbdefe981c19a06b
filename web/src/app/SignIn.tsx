import { useTranslation } from "react-i18next";
import { signIn } from "@/lib/session";
import { Field } from "@/ui/Field";
import { Door } from "./Door";

/** The first door. */
export function SignIn({ onDone }: { onDone: (state: "in" | "due") => void }) {
  const { t } = useTranslation();
  return (
    <Door
      title="Parley"
      lead={t("signIn.lead")}
      button={t("signIn.submit")}
      ask={async (field) => {
        const got = await signIn(field("login"), field("password"));
        if (got === "in" || got === "due") onDone(got);
        return got;
      }}
      words={(result) => (result === "in" || result === "due" ? null : t(`signIn.${result}`))}
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
    </Door>
  );
}
