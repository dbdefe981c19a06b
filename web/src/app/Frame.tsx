import { Outlet, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { OfferStack } from "@/features/offers/OfferStack";
import { SoundBanner } from "@/features/offers/SoundBanner";
import { typeAhead } from "@/lib/typedAhead";
import { useKey } from "@/lib/useKey";
import { desk } from "./desk";
import { LinkLine } from "./LinkState";
import { Notices } from "./Notices";
import { PresenceBanner } from "./PresenceBanner";
import { Rail } from "./Rail";
import { SessionTabs } from "./SessionTabs";
import { useAttentionTitle } from "./title";

const loadPalette = () => import("./Palette");
const Palette = lazy(() => loadPalette().then((m) => ({ default: m.Palette })));
const KeysSheet = lazy(() => import("./KeysSheet").then((m) => ({ default: m.KeysSheet })));
const Questions = lazy(() => import("./Questions").then((m) => ({ default: m.Questions })));

/** What stays on the screen whatever page is open. */
export function Frame() {
  const { t } = useTranslation();
  const [palette, setPalette] = useState(false);
  const [keys, setKeys] = useState(false);
  const navigate = useNavigate();
  // It comes a moment after it was asked for; what is typed meanwhile is meant for it.
  const openPalette = useCallback(() => {
    typeAhead(() => setPalette(false));
    setPalette(true);
  }, []);
  useKey("palette", () => palette || openPalette());
  useKey("help", () => setKeys(true));
  useKey("goDashboard", () => void navigate({ to: "/" }));
  useKey("goInteractions", () => void navigate({ to: "/interactions" }));
  useKey("goContacts", () => void navigate({ to: "/contacts" }));
  useKey("goRealtime", () => void navigate({ to: "/realtime" }));
  useAttentionTitle();
  useEffect(() => {
    void desk();
    void loadPalette();
  }, []);
  return (
    <div className="flex h-full flex-col-reverse md:flex-row">
      <a
        href="#content"
        className="sr-only z-50 rounded-md bg-accent text-on-accent focus:not-sr-only focus:absolute focus:m-2 focus:px-3 focus:py-2"
      >
        {t("nav.skip")}
      </a>
      <Rail onPalette={openPalette} onKeys={() => setKeys(true)} />
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <SessionTabs />
        <LinkLine />
        <SoundBanner />
        <PresenceBanner />
        <div className="relative flex min-h-0 flex-1 flex-col">
          <main
            id="content"
            tabIndex={-1}
            className="min-h-0 flex-1 overflow-hidden border-line bg-surface outline-none md:rounded-ss-lg md:border-s md:border-t"
          >
            <Outlet />
          </main>
          <OfferStack />
        </div>
      </div>
      <Notices />
      <Suspense>
        <Questions />
        {palette && <Palette open onOpenChange={setPalette} />}
        {keys && <KeysSheet open onOpenChange={setKeys} />}
      </Suspense>
    </div>
  );
}
