import { remembered } from "./stored";

export type Theme = "system" | "light" | "dark";
export type Density = "comfortable" | "compact";

/** Applies the stored theme and density to the page. */
export function applyLook(): void {
  const root = document.documentElement;
  const theme = remembered("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  else delete root.dataset.theme;
  root.dataset.density = remembered("density") === "compact" ? "compact" : "comfortable";
}
