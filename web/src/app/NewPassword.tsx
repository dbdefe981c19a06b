import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { choosePassword, type SignInResult } from "@/lib/session";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";

/** Behind the door: who signed in with a password that somebody else set chooses one of his own first. */
export function NewPassword({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const [result, setResult] = useState<SignInResult | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    setBusy(true);
    const got = await choosePassword(String(form.get("current") ?? ""), String(form.get("password") ?? ""));
    setBusy(false);
    setResult(got);
    if (got === "in") onDone();
  };
  const words = { in: null, due: t("signIn.fault"), wrong: t("newPassword.wrong") } as const;
  const trouble =
    result === null
      ? null
      : result === "in" || result === "due" || result === "wrong"
        ? words[result]
        : t(`signIn.${result}`);
  return (
    <main className="grid h-full place-items-center overflow-y-auto p-6">
      <form onSubmit={submit} className="flex w-full max-w-80 flex-col gap-4">
        <div className="mb-2">
          <img src="/favicon.svg" alt="" className="mb-5 size-10" />
          <h1 className="font-semibold text-xl tracking-tight">{t("newPassword.title")}</h1>
          <p className="text-muted">{t("newPassword.lead")}</p>
        </div>
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
        {trouble && (
          <p role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-danger">
            {trouble}
          </p>
        )}
        <Button tone="primary" type="submit" disabled={busy} className="h-9">
          {t("newPassword.submit")}
        </Button>
      </form>
    </main>
  );
}
