import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { type SignInResult, signIn } from "@/lib/session";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";

/** The door. */
export function SignIn({ onDone }: { onDone: (state: "in" | "due") => void }) {
  const { t } = useTranslation();
  const [result, setResult] = useState<SignInResult | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    setBusy(true);
    const got = await signIn(String(form.get("login") ?? ""), String(form.get("password") ?? ""));
    setBusy(false);
    setResult(got);
    if (got === "in" || got === "due") onDone(got);
  };
  const trouble = result && result !== "in" && result !== "due" ? t(`signIn.${result}`) : null;
  return (
    <main className="grid h-full place-items-center overflow-y-auto p-6">
      <form onSubmit={submit} className="flex w-full max-w-80 flex-col gap-4">
        <div className="mb-2">
          <img src="/favicon.svg" alt="" className="mb-5 size-10" />
          <h1 className="font-semibold text-xl tracking-tight">Parley</h1>
          <p className="text-muted">{t("signIn.lead")}</p>
        </div>
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
        {trouble && (
          <p role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-danger">
            {trouble}
          </p>
        )}
        <Button tone="primary" type="submit" disabled={busy} className="h-9">
          {t("signIn.submit")}
        </Button>
      </form>
    </main>
  );
}
