import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { useCommand } from "@/graphql/command";
import { problemOf } from "@/graphql/errors";
import { graphql } from "@/graphql/generated";
import type { MaskMode } from "@/graphql/generated/graphql";
import { pauseReason, pauseReasonFrom } from "@/lib/pauseReason";
import { Button } from "@/ui/Button";
import { Field, Select, TextArea } from "@/ui/Field";
import { ErrorState, Skeleton } from "@/ui/States";

const PolicyQuery = graphql(`
  query SettingsPolicy {
    policy {
      pauseReasons
      tagThreshold
      tabsLimit
      disconnectAfter
      missedOffersLimit
      maskName {
        mode
        keep
      }
      maskPhone {
        mode
        keep
      }
      maskEmail {
        mode
        keep
      }
    }
  }
`);
const Save = graphql(`
  mutation SavePolicy($input: SavePolicyInput!) {
    savePolicy(input: $input) {
      policy {
        pauseReasons
        tagThreshold
        tabsLimit
        disconnectAfter
        missedOffersLimit
        maskName {
          mode
          keep
        }
        maskPhone {
          mode
          keep
        }
        maskEmail {
          mode
          keep
        }
      }
    }
  }
`);

const modes: MaskMode[] = ["NONE", "PARTIAL", "FULL"];
const masks = ["maskName", "maskPhone", "maskEmail"] as const;
const numbers = ["tagThreshold", "tabsLimit", "disconnectAfter", "missedOffersLimit"] as const;

/** Settings for the whole organisation: masking, pause reasons and limits. */
export function PolicySection() {
  const { t } = useTranslation();
  const [{ data, error }] = useQuery({ query: PolicyQuery });
  const save = useCommand(Save, true);
  const [result, setResult] = useState<{ ok: boolean; text: string } | null>(null);
  const problem = problemOf(error);
  if (!data) return problem ? <ErrorState problem={problem} /> : <Skeleton />;
  const p = data.policy;
  const submit = async (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    const text = (key: string) => String(form.get(key) ?? "").trim();
    const mask = (key: string) => ({
      mode: modes.find((m) => m === text(key)) ?? "NONE",
      keep: Number(text(`${key}.keep`)) || 0,
    });
    const { problem } = await save({
      maskName: mask("maskName"),
      maskPhone: mask("maskPhone"),
      maskEmail: mask("maskEmail"),
      pauseReasons: text("pauseReasons")
        .split("\n")
        .map((r) => r.trim())
        .filter(Boolean)
        .map((r) => pauseReasonFrom(r, t)),
      tagThreshold: Number(text("tagThreshold")),
      tabsLimit: Number(text("tabsLimit")),
      disconnectAfter: Number(text("disconnectAfter")),
      missedOffersLimit: Number(text("missedOffersLimit")),
    });
    setResult(problem ? { ok: false, text: problem.message } : { ok: true, text: t("common.saved") });
  };
  return (
    <section aria-label={t("settings.policy")} className="mx-auto max-w-2xl p-6 md:p-8">
      <h2 className="mb-4 font-semibold text-xl tracking-tight">{t("settings.policy")}</h2>
      <form onSubmit={submit} onChange={() => setResult(null)} className="grid grid-cols-2 gap-3">
        {masks.map((m) => (
          <div key={m} className="col-span-2 grid grid-cols-2 items-end gap-3">
            <Select label={t(`settings.field.${m}`)} name={m} defaultValue={p[m].mode}>
              {modes.map((mode) => (
                <option key={mode} value={mode}>
                  {t(`settings.field.${mode}`)}
                </option>
              ))}
            </Select>
            <Field
              label={t("settings.field.keep")}
              name={`${m}.keep`}
              type="number"
              min={0}
              max={20}
              defaultValue={p[m].keep}
            />
          </div>
        ))}
        <TextArea
          label={t("settings.field.pauseReasons")}
          hint={t("panel.oneEach")}
          name="pauseReasons"
          defaultValue={p.pauseReasons.map((r) => pauseReason(r, t)).join("\n")}
          rows={4}
          className="col-span-2"
        />
        {numbers.map((n) => (
          <Field key={n} label={t(`settings.field.${n}`)} name={n} type="number" min={0} defaultValue={p[n]} />
        ))}
        <div className="col-span-2 flex items-center justify-end gap-3 pt-2">
          {result && (
            <span role="status" className={result.ok ? "text-good" : "text-danger"}>
              {result.text}
            </span>
          )}
          <Button tone="primary" type="submit">
            {t("common.save")}
          </Button>
        </div>
      </form>
    </section>
  );
}
