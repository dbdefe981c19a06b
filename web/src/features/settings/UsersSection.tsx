import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { useCommand } from "@/graphql/command";
import { graphql } from "@/graphql/generated";
import type { Role, SettingsUsersQuery } from "@/graphql/generated/graphql";
import { formatList, useLocale } from "@/i18n/locale";
import { Check, Field, Select } from "@/ui/Field";
import { BrowserSessions } from "./BrowserSessions";
import { CheckboxGroup, Section } from "./Section";

const Users = graphql(`
  query SettingsUsers {
    users {
      id
      name
      alias
      role
      disabled
      settings {
        login
        email
        permissions
        masked
        capacity
        lists {
          id
          name
        }
        queues {
          id
          name
        }
      }
    }
    queues {
      id
      name
      archived
      members {
        id
      }
    }
    lists {
      id
      name
    }
  }
`);
const Save = graphql(`
  mutation SaveUser($input: SaveUserInput!) {
    saveUser(input: $input) {
      user {
        id
      }
    }
  }
`);
const Grant = graphql(`
  mutation GrantLists($input: GrantListsInput!) {
    grantLists(input: $input) {
      user {
        id
      }
    }
  }
`);
type User = SettingsUsersQuery["users"][number];
const roles: Role[] = ["AGENT", "SUPERVISOR", "ADMIN", "AUDITOR", "ANALYST"];

/** The users, their roles, queues and lists. */
export function UsersSection() {
  const { t } = useTranslation();
  const locale = useLocale();
  const [{ data, error }] = useQuery({ query: Users });
  const save = useCommand(Save, true);
  const grant = useCommand(Grant, true);
  const queuesOf = (u: User) =>
    (data?.queues ?? []).filter(
      (q) =>
        !q.archived && (q.members.some((m) => m.id === u.id) || u.settings?.queues.some((other) => other.id === q.id)),
    );
  return (
    <Section
      title={t("settings.users")}
      newLabel={t("settings.new.users")}
      items={data?.users}
      error={error}
      name={(u) => u.name}
      columns={[
        { label: t("settings.field.login"), cell: (u) => u.settings?.login },
        { label: t("settings.field.role"), cell: (u) => t(`settings.field.${u.role}`) },
        {
          label: t("settings.queues"),
          cell: (u) =>
            formatList(
              queuesOf(u).map((q) => q.name),
              locale,
            ),
        },
      ]}
      form={(u) => (
        <>
          <Field label={t("common.name")} name="name" defaultValue={u?.name} required />
          <Field label={t("settings.field.alias")} name="alias" defaultValue={u?.alias ?? ""} />
          <Field
            label={t("settings.field.login")}
            name="login"
            defaultValue={u?.settings?.login}
            readOnly={u !== null}
            pattern="[A-Za-z0-9._]+"
            hint={t("settings.field.loginHint")}
            required
          />
          <Field label={t("settings.field.email")} name="email" type="email" defaultValue={u?.settings?.email ?? ""} />
          <Select label={t("settings.field.role")} name="role" defaultValue={u?.role}>
            {roles.map((r) => (
              <option key={r} value={r}>
                {t(`settings.field.${r}`)}
              </option>
            ))}
          </Select>
          <Field
            label={t("settings.field.capacity")}
            name="capacity"
            type="number"
            min={1}
            defaultValue={u?.settings?.capacity ?? 5}
          />
          <Field
            label={t("settings.field.password")}
            name="password"
            type="password"
            autoComplete="new-password"
            hint={t("settings.field.passwordHint")}
            required={u === null}
            className="col-span-full"
          />
          <CheckboxGroup
            name="queueIds"
            label={t("settings.field.alsoSees")}
            hint={t("settings.field.alsoSeesHint")}
            options={(data?.queues ?? []).filter((q) => !q.archived)}
            chosen={u?.settings?.queues.map((q) => q.id) ?? []}
          />
          <CheckboxGroup
            name="listIds"
            label={t("settings.field.lists")}
            options={data?.lists ?? []}
            chosen={u?.settings?.lists.map((l) => l.id) ?? []}
          />
          <Check label={t("settings.field.masked")} name="masked" defaultChecked={u?.settings?.masked ?? false} />
          <Check label={t("settings.field.disabled")} name="disabled" defaultChecked={u?.disabled ?? false} />
          {u && <BrowserSessions userId={u.id} />}
        </>
      )}
      save={async (form, u) => {
        const saved = await save({
          ...(u ? { id: u.id } : {}),
          login: form.text("login"),
          name: form.text("name"),
          alias: form.optional("alias"),
          email: form.optional("email"),
          role: roles.find((r) => r === form.text("role")) ?? "AGENT",
          permissions: u?.settings?.permissions ?? [],
          queueIds: form.all("queueIds"),
          masked: form.checked("masked"),
          disabled: form.checked("disabled"),
          capacity: form.number("capacity"),
          password: form.optional("password"),
        });
        const id = saved.data?.saveUser.user.id;
        if (!id) return saved;
        return grant({ userId: id, listIds: form.all("listIds") });
      }}
    />
  );
}
