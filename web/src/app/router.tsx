import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { type ListSearch, readSearch } from "@/features/interactions/filter";
import { Frame } from "./Frame";
import { loadInteractions } from "./loadInteractions";
import { DashboardPage } from "./pages/DashboardPage";

const root = createRootRoute({ component: Frame });
const dashboard = createRoute({ getParentRoute: () => root, path: "/", component: DashboardPage });
const interactions = createRoute({
  getParentRoute: () => root,
  path: "interactions",
  validateSearch: (raw: Record<string, unknown>): ListSearch => readSearch(raw),
  component: lazyRouteComponent(loadInteractions, "InteractionsPage"),
});
const nothing = createRoute({
  getParentRoute: () => interactions,
  path: "/",
  component: lazyRouteComponent(loadInteractions, "NoneSelected"),
});
const interaction = createRoute({
  getParentRoute: () => interactions,
  path: "$id",
  component: lazyRouteComponent(loadInteractions, "InteractionPage"),
});
const contacts = createRoute({
  getParentRoute: () => root,
  path: "contacts",
  validateSearch: (raw: Record<string, unknown>): { q?: string; list?: string; tab?: string } => ({
    ...(typeof raw.q === "string" && raw.q ? { q: raw.q } : {}),
    ...(typeof raw.list === "string" && raw.list ? { list: raw.list } : {}),
    ...(typeof raw.tab === "string" && raw.tab ? { tab: raw.tab } : {}),
  }),
  component: lazyRouteComponent(() => import("@/features/contacts/ContactsPage"), "ContactsPage"),
});
const contact = createRoute({
  getParentRoute: () => contacts,
  path: "$contactId",
  component: lazyRouteComponent(() => import("@/features/contacts/ContactPage"), "ContactPage"),
});
const realtime = createRoute({
  getParentRoute: () => root,
  path: "realtime",
  component: lazyRouteComponent(() => import("@/features/realtime/RealtimePage"), "RealtimePage"),
});
const settings = createRoute({
  getParentRoute: () => root,
  path: "settings",
  component: lazyRouteComponent(() => import("@/features/settings/SettingsPage"), "SettingsPage"),
});
const settingsSection = createRoute({
  getParentRoute: () => settings,
  path: "$section",
  component: lazyRouteComponent(() => import("@/features/settings/SettingsPage"), "SettingsSection"),
});

const tree = root.addChildren([
  dashboard,
  interactions.addChildren([nothing, interaction]),
  contacts.addChildren([contact]),
  realtime,
  settings.addChildren([settingsSection]),
]);

export function createAppRouter() {
  return createRouter({ routeTree: tree, defaultPreload: "intent" });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
