import { type FormEvent, type ReactNode, useState } from "react";
import type { SignInResult } from "@/lib/session";
import { Button } from "@/ui/Button";

type Props = {
  title: string;
  lead: string;
  button: string;
  ask: (field: (name: string) => string) => Promise<SignInResult>;
  /** What to say of an answer; null when there is nothing to say. */
  words: (result: SignInResult) => string | null;
  children: ReactNode;
};

/** What one passes before the desk: a few fields, a button, and what went wrong. */
export function Door({ title, lead, button, ask, words, children }: Props) {
  const [result, setResult] = useState<SignInResult | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    setBusy(true);
    const got = await ask((name) => String(form.get(name) ?? ""));
    setBusy(false);
    setResult(got);
  };
  const trouble = result && words(result);
  return (
    <main className="grid h-full place-items-center overflow-y-auto p-6">
      <form onSubmit={submit} className="flex w-full max-w-80 flex-col gap-4">
        <div className="mb-2">
          <img src="/favicon.svg" alt="" className="mb-5 size-10" />
          <h1 className="font-semibold text-xl tracking-tight">{title}</h1>
          <p className="text-muted">{lead}</p>
        </div>
        {children}
        {trouble && (
          <p role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-danger">
            {trouble}
          </p>
        )}
        <Button tone="primary" type="submit" disabled={busy} className="h-9">
          {button}
        </Button>
      </form>
    </main>
  );
}
