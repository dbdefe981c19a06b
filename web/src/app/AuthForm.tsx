import { type FormEvent, type ReactNode, useState } from "react";
import type { SignInResult } from "@/lib/session";
import { Button } from "@/ui/Button";

type Props = {
  title: string;
  lead: string;
  button: string;
  submit: (field: (name: string) => string) => Promise<SignInResult>;
  /** Returns the error to show for a result, or null. */
  errorText: (result: SignInResult) => string | null;
  children: ReactNode;
};

/** The form shown before the app: a few fields, a button and an error message. */
export function AuthForm({ title, lead, button, submit, errorText, children }: Props) {
  const [result, setResult] = useState<SignInResult | null>(null);
  const [busy, setBusy] = useState(false);
  const onSubmit = async (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    setBusy(true);
    const answer = await submit((name) => String(form.get(name) ?? ""));
    setBusy(false);
    setResult(answer);
  };
  const error = result && errorText(result);
  return (
    <main className="grid h-full place-items-center overflow-y-auto p-6">
      <form onSubmit={onSubmit} className="flex w-full max-w-80 flex-col gap-4">
        <div className="mb-2">
          <img src="/favicon.svg" alt="" className="mb-5 size-10" />
          <h1 className="font-semibold text-xl tracking-tight">{title}</h1>
          <p className="text-muted">{lead}</p>
        </div>
        {children}
        {error && (
          <p role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-danger">
            {error}
          </p>
        )}
        <Button tone="primary" type="submit" disabled={busy} className="h-9">
          {button}
        </Button>
      </form>
    </main>
  );
}
