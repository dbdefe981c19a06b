import { LogOut, MonitorSmartphone } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useCommand } from "@/graphql/command";
import { graphql } from "@/graphql/generated";
import type { PresenceState } from "@/graphql/generated/graphql";
import { type Me, may, usePolicy } from "@/graphql/me";
import { setLanguage } from "@/i18n";
import { languages } from "@/i18n/languages";
import { languageName, useLocale } from "@/i18n/locale";
import { cn } from "@/lib/cn";
import { openDialog } from "@/lib/dialogs";
import { pauseReason } from "@/lib/pauseReason";
import { useStored } from "@/lib/stored";
import { applyLook, type Density, type Theme } from "@/lib/theme";
import { formatTime } from "@/lib/time";
import { Avatar } from "@/ui/Avatar";
import { Menu, MenuItem, MenuLabel, MenuSeparator } from "@/ui/Menu";
import { Tooltip } from "@/ui/Tooltip";
import { useSignOut } from "./signOut";

const SignIn = graphql(`
  mutation SignIn($input: PresenceInput!) {
    signIn(input: $input) {
      presence {
        state
        reason
        since
        interactionId
      }
    }
  }
`);
const Pause = graphql(`
  mutation Pause($input: PauseInput!) {
    pause(input: $input) {
      presence {
        state
        reason
        since
        interactionId
      }
    }
  }
`);
const Resume = graphql(`
  mutation Resume($input: PresenceInput!) {
    resume(input: $input) {
      presence {
        state
        reason
        since
        interactionId
      }
    }
  }
`);
const SignOut = graphql(`
  mutation SignOut($input: PresenceInput!) {
    signOut(input: $input) {
      presence {
        state
        reason
        since
        interactionId
      }
    }
  }
`);

const dot: Record<PresenceState, string> = {
  AVAILABLE: "bg-good",
  PAUSED: "bg-warn",
  AWAY: "bg-warn",
  SIGNED_OUT: "bg-line-strong",
};

/**
 * Returns a function that makes the agent available: it signs in or resumes, as the current state requires. If a
 * disposition is due, it opens that dialog first.
 */
export function useBecomeAvailable(): (now: Me["presence"] | undefined) => void {
  const signIn = useCommand(SignIn);
  const resume = useCommand(Resume);
  return (now) => {
    if (now?.reason === "DISPOSITION" && now.interactionId) openDialog({ kind: "dispose", id: now.interactionId });
    else void (now?.state === "PAUSED" ? resume({}) : signIn({}));
  };
}

/** The user's presence, theme, density and language. */
export function PresenceMenu({ me }: { me: Me }) {
  const { t, i18n } = useTranslation();
  const locale = useLocale();
  const policy = usePolicy();
  const becomeAvailable = useBecomeAvailable();
  const pause = useCommand(Pause);
  const endDay = useCommand(SignOut);
  const signOut = useSignOut();
  const [theme, setTheme] = useStored<Theme>("theme", "system");
  const [density, setDensity] = useStored<Density>("density", "comfortable");
  const agent = may(me, "HANDLE_INTERACTIONS");
  const presence = agent ? me.presence : null;
  const state = presence?.state ?? "SIGNED_OUT";
  const word = agent ? t("presence.label", { state: t(`presence.${state}`) }) : me.user.name;
  return (
    <Menu
      side="right"
      align="end"
      trigger={
        <button type="button" aria-label={word} className="relative grid size-10 place-items-center rounded-full">
          <Tooltip label={word} side="right">
            <span>
              <Avatar name={me.user.name} />
            </span>
          </Tooltip>
          {agent && (
            <span className={cn("absolute end-0.5 bottom-0.5 size-2.5 rounded-full ring-2 ring-canvas", dot[state])} />
          )}
        </button>
      }
    >
      <div className="px-2 pt-1.5 pb-1">
        <p className="font-semibold">{me.user.name}</p>
        {presence && (
          <p className="text-muted text-sm">
            {t(`presence.${presence.state}`)}
            {presence.reason ? ` · ${pauseReason(presence.reason, t)}` : ""}{" "}
            <span className="nums">{t("presence.since", { time: formatTime(presence.since, locale) })}</span>
          </p>
        )}
      </div>
      {agent && (
        <>
          <MenuSeparator />
          <MenuItem
            icon={<Dot tone="bg-good" />}
            checked={state === "AVAILABLE"}
            onSelect={() => becomeAvailable(presence)}
          >
            {t("presence.AVAILABLE")}
          </MenuItem>
          <MenuLabel>{t("presence.pauseFor")}</MenuLabel>
          {(policy?.pauseReasons ?? []).map((reason) => (
            <MenuItem
              key={reason}
              icon={<Dot tone="bg-warn" />}
              checked={state === "PAUSED" && presence?.reason === reason}
              disabled={state === "SIGNED_OUT"}
              onSelect={() => void pause({ reason })}
            >
              {pauseReason(reason, t)}
            </MenuItem>
          ))}
          <MenuSeparator />
          <MenuItem
            icon={<Dot tone="bg-line-strong" />}
            checked={state === "SIGNED_OUT"}
            onSelect={() => void endDay({})}
          >
            {t("presence.signOut")}
          </MenuItem>
        </>
      )}
      <MenuLabel>{t("theme.label")}</MenuLabel>
      {(["system", "light", "dark"] as const).map((value) => (
        <MenuItem
          key={value}
          checked={theme === value}
          onSelect={() => {
            setTheme(value);
            applyLook();
          }}
        >
          {t(`theme.${value}`)}
        </MenuItem>
      ))}
      <MenuLabel>{t("theme.density")}</MenuLabel>
      {(["comfortable", "compact"] as const).map((value) => (
        <MenuItem
          key={value}
          checked={density === value}
          onSelect={() => {
            setDensity(value);
            applyLook();
          }}
        >
          {t(`theme.${value}`)}
        </MenuItem>
      ))}
      <MenuLabel>{t("theme.language")}</MenuLabel>
      {Object.keys(languages).map((code) => (
        <MenuItem key={code} checked={i18n.language === code} onSelect={() => void setLanguage(code)}>
          {languageName(code)}
        </MenuItem>
      ))}
      <MenuSeparator />
      <MenuItem icon={<MonitorSmartphone size={14} />} onSelect={() => openDialog({ kind: "browsers" })}>
        {t("browsers.menu")}
      </MenuItem>
      <MenuItem icon={<LogOut size={14} />} onSelect={signOut}>
        {t("signIn.signOut")}
      </MenuItem>
    </Menu>
  );
}

function Dot({ tone }: { tone: string }) {
  return <span className={cn("size-2 rounded-full", tone)} />;
}
