import { Outlet, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { OfferStack } from "@/features/offers/OfferStack";
import { SoundBanner } from "@/features/offers/SoundBanner";
import { startTypeAhead } from "@/lib/typeAhead";
import { useKey } from "@/lib/useKey";
import { ConnectionBanner } from "./ConnectionStatus";
import { useJoinNotices } from "./joinNotice";
import { loadInteractions } from "./loadInteractions";
import { Notices } from "./Notices";
import { OutboundBanner } from "./OutboundBanner";
import { PresenceBanner } from "./PresenceBanner";
import { Rail } from "./Rail";
import { SessionTabs } from "./SessionTabs";
import { useAttentionTitle } from "./title";

const loadPalette = () => import("./Palette");
const Palette = lazy(() => loadPalette().then((m) => ({ default: m.Palette })));
const ShortcutsDialog = lazy(() => import("./ShortcutsDialog").then((m) => ({ default: m.ShortcutsDialog })));
const Dialogs = lazy(() => import("./Dialogs").then((m) => ({ default: m.Dialogs })));

/** The layout shared by all pages. */
export function Frame() {
  const { t } = useTranslation();
  const [palette, setPalette] = useState(false);
  const [keys, setKeys] = useState(false);
  const navigate = useNavigate();
  // The palette opens with a short delay. Keys typed before that belong to its search field.
  const openPalette = useCallback(() => {
    startTypeAhead(() => setPalette(false));
    setPalette(true);
  }, []);
  useKey("palette", () => palette || openPalette());
  useKey("help", () => setKeys(true));
  useKey("goDashboard", () => void navigate({ to: "/" }));
  useKey("goInteractions", () => void navigate({ to: "/interactions" }));
  useKey("goContacts", () => void navigate({ to: "/contacts" }));
  useKey("goRealtime", () => void navigate({ to: "/realtime" }));
  useAttentionTitle();
  useJoinNotices();
  useEffect(() => {
    void loadInteractions();
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
        <ConnectionBanner />
        <OutboundBanner />
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
        <Dialogs />
        {palette && <Palette open onOpenChange={setPalette} />}
        {keys && <ShortcutsDialog open onOpenChange={setKeys} />}
      </Suspense>
    </div>
  );
}
