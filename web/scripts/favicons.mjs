// Draws the tab's picture with each count on it, into public/.
import { writeFileSync } from "node:fs";

const bubble =
  '<rect width="32" height="32" rx="8" fill="#0b6e5f"/><path d="M9 8h14a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-7l-5 4v-4H9a2 2 0 0 1-2-2v-9a2 2 0 0 1 2-2Z" fill="#fff"/>';
for (const n of [1, 2, 3, 4, 5, 6, 7, 8, 9, "many"]) {
  const label = n === "many" ? "9+" : n;
  const badge = `<circle cx="22" cy="22" r="10" fill="#b3261e"/><text x="22" y="27" font-family="sans-serif" font-size="${n === "many" ? 11 : 15}" font-weight="700" text-anchor="middle" fill="#fff">${label}</text>`;
  writeFileSync(
    new URL(`../public/favicon-${n}.svg`, import.meta.url),
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${bubble}${badge}</svg>\n`,
  );
}
