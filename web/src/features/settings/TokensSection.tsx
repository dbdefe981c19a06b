import { Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { useCommand } from "@/graphql/command";
import { problemOf } from "@/graphql/errors";
import { graphql } from "@/graphql/generated";
import type { Permission, SettingsTokensQuery } from "@/graphql/generated/graphql";
import { useLocale } from "@/i18n/locale";
import { cn } from "@/lib/cn";
import { formatDateTime } from "@/lib/time";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Field, Select } from "@/ui/Field";
import { Empty, ErrorState, Skeleton } from "@/ui/States";
import { CheckboxGroup } from "./Section";

const Tokens = graphql(`
  query SettingsTokens {
    tokens {
      id
      name
      prefix
      permissions
      createdAt
      expiresAt
      lastUsedAt
      revokedAt
      user {
        id
        name
      }
      createdBy {
        id
        name
      }
    }
    users {
      id
      name
      disabled
    }
  }
`);
const Create = graphql(`
  mutation CreateToken($input: CreateTokenInput!) {
    createToken(input: $input) {
      token
    }
  }
`);
const Revoke = graphql(`
  mutation RevokeToken($input: RevokeTokenInput!) {
    revokeToken(input: $input) {
      token {
        id
        revokedAt
      }
    }
  }
`);

type Token = SettingsTokensQuery["tokens"][number];
const scopes = [
  "HANDLE_INTERACTIONS",
  "VIEW_INTERACTIONS",
  "SUPERVISE",
  "VIEW_CONTACTS",
  "EDIT_CONTACTS",
  "GRANT_LISTS",
  "READ_HISTORY",
  "ADMINISTER",
] as const satisfies readonly Permission[];
const lifetimes = [30, 90, 365];
const day = 86_400_000;

/** The API tokens of programs: who they act for, what they may do, and until when. */
export function TokensSection() {
  const { t } = useTranslation();
  const [{ data, error }, refetch] = useQuery({ query: Tokens, requestPolicy: "cache-and-network" });
  const [creating, setCreating] = useState(false);
  const problem = problemOf(error);
  if (!data) return problem ? <ErrorState problem={problem} /> : <Skeleton />;
  const again = () => refetch({ requestPolicy: "network-only" });
  return (
    <section aria-label={t("settings.tokens")} className="mx-auto max-w-4xl p-6 md:p-8">
      <header className="mb-4 flex items-center gap-3">
        <h2 className="flex-1 font-semibold text-xl tracking-tight">{t("settings.tokens")}</h2>
        <Button tone="primary" onClick={() => setCreating(true)}>
          <Plus size={14} />
          {t("settings.new.tokens")}
        </Button>
      </header>
      {data.tokens.length === 0 ? (
        <Empty title={t("settings.empty")} />
      ) : (
        <ul className="divide-y divide-line">
          {data.tokens.map((token) => (
            <Row key={token.id} token={token} onRevoked={again} />
          ))}
        </ul>
      )}
      {creating && (
        <NewToken
          users={data.users.filter((u) => !u.disabled)}
          onDone={() => {
            setCreating(false);
            again();
          }}
        />
      )}
    </section>
  );
}

function Row({ token, onRevoked }: { token: Token; onRevoked: () => void }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const revoke = useCommand(Revoke);
  const [confirming, setConfirming] = useState(false);
  const ended = token.revokedAt !== null || Date.parse(token.expiresAt) <= Date.now();
  const state = token.revokedAt ? "revoked" : ended ? "expired" : null;
  return (
    <li className={cn("flex flex-wrap items-center gap-x-3 gap-y-1 py-3", ended && "text-muted")}>
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          {token.name}
          <code className="nums text-muted text-sm">{token.prefix}…</code>
          {state && <Badge>{t(`settings.token.${state}`)}</Badge>}
        </p>
        <p className="text-muted text-sm">
          {t("settings.token.actsAs", { name: token.user.name })} ·{" "}
          {token.permissions
            .filter((p) => p !== "ANYONE_SIGNED_IN")
            .map((p) => t(`settings.permission.${p}`))
            .join(", ")}
        </p>
        <p className="nums text-muted text-sm">
          {token.createdBy
            ? t("settings.token.createdBy", {
                name: token.createdBy.name,
                date: formatDateTime(token.createdAt, locale),
              })
            : t("settings.token.created", { date: formatDateTime(token.createdAt, locale) })}{" "}
          · {t("settings.token.expires", { date: formatDateTime(token.expiresAt, locale) })} ·{" "}
          {token.lastUsedAt
            ? t("settings.token.lastUsed", { date: formatDateTime(token.lastUsedAt, locale) })
            : t("settings.token.neverUsed")}
        </p>
      </div>
      {!ended &&
        (confirming ? (
          <span className="flex items-center gap-2">
            <span className="text-muted text-sm">{t("settings.token.revokeLead")}</span>
            <Button
              size="sm"
              tone="danger"
              onClick={async () => {
                await revoke({ tokenId: token.id });
                onRevoked();
              }}
            >
              {t("settings.token.revoke")}
            </Button>
          </span>
        ) : (
          <Button size="sm" onClick={() => setConfirming(true)}>
            {t("settings.token.revoke")}
          </Button>
        ))}
    </li>
  );
}

function NewToken({ users, onDone }: { users: readonly { id: string; name: string }[]; onDone: () => void }) {
  const { t } = useTranslation();
  const create = useCommand(Create, true);
  const [token, setToken] = useState<string | null>(null);
  const [errorText, setErrorText] = useState<string | null>(null);
  const submit = async (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    const { data, problem } = await create({
      userId: String(form.get("userId")),
      name: String(form.get("name")).trim(),
      permissions: scopes.filter((s) => form.getAll("permissions").includes(s)),
      expiresAt: new Date(Date.now() + Number(form.get("days")) * day).toISOString(),
    });
    setErrorText(problem?.message ?? null);
    setToken(data?.createToken.token ?? null);
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onDone()} title={t("settings.new.tokens")} wide>
      {token ? (
        <div className="grid gap-3 pb-4">
          <Field
            label={t("settings.token.token")}
            value={token}
            readOnly
            hint={t("settings.token.once")}
            onFocus={(e) => e.target.select()}
          />
          <div className="flex justify-end">
            <Button tone="primary" onClick={onDone}>
              {t("common.done")}
            </Button>
          </div>
        </div>
      ) : (
        <form onSubmit={submit} className="grid grid-cols-1 gap-3 pb-4 sm:grid-cols-2">
          <Field
            label={t("common.name")}
            name="name"
            required
            hint={t("settings.token.nameHint")}
            className="col-span-full"
          />
          <Select label={t("settings.token.user")} name="userId">
            {users.map((u) => (
              <option key={u.id} value={u.id}>
                {u.name}
              </option>
            ))}
          </Select>
          <Select label={t("settings.token.lifetime")} name="days" defaultValue="90">
            {lifetimes.map((days) => (
              <option key={days} value={days}>
                {t("settings.token.days", { count: days })}
              </option>
            ))}
          </Select>
          <CheckboxGroup
            name="permissions"
            label={t("settings.token.permissions")}
            hint={t("settings.token.permissionsHint")}
            options={scopes.map((s) => ({ id: s, name: t(`settings.permission.${s}`) }))}
            chosen={["VIEW_INTERACTIONS", "VIEW_CONTACTS"]}
          />
          {errorText && (
            <p role="alert" className="col-span-full rounded-md bg-danger-soft px-3 py-2 text-danger">
              {errorText}
            </p>
          )}
          <div className="col-span-full flex justify-end gap-2 pt-2">
            <Button onClick={onDone}>{t("common.cancel")}</Button>
            <Button tone="primary" type="submit">
              {t("settings.token.create")}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
