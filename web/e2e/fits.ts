import type { Page } from "@playwright/test";

/**
 * Lists what does not fit the window: a page that scrolls sideways, a clipped control that cannot be scrolled into view, and
 * overlapping controls of one layer.
 */
export async function misfits(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    type Box = { left: number; top: number; right: number; bottom: number };
    const found: string[] = [];
    const wide = document.documentElement;
    if (wide.scrollWidth > wide.clientWidth) found.push(`the page is ${wide.scrollWidth} wide in ${wide.clientWidth}`);
    for (const el of document.querySelectorAll<HTMLElement>("body *")) {
      if (el.scrollWidth <= el.clientWidth + 1 || el.clientWidth < 3 || !el.checkVisibility()) continue;
      const style = getComputedStyle(el);
      const meant = /overflow-(x-)?auto|max-h-/.test(el.className) || el.matches("input, textarea, pre, select");
      if (style.overflowX === "visible" || style.textOverflow === "ellipsis" || meant) continue;
      found.push(
        `${el.tagName.toLowerCase()}.${el.className.slice(0, 60)} is ${el.scrollWidth} wide in ${el.clientWidth}`,
      );
    }
    const controls = [
      ...document.querySelectorAll<HTMLElement>(
        "button, a[href], input, select, textarea, [role=tab], [role=menuitem], [role=option]",
      ),
    ].filter((el) => el.checkVisibility({ opacityProperty: true, visibilityProperty: true }));
    const name = (el: HTMLElement) => {
      const text = (el.getAttribute("aria-label") ?? el.textContent ?? "").trim().slice(0, 40);
      return `${el.tagName.toLowerCase()} “${text || el.id || el.className.slice(0, 40)}”`;
    };
    const cut = (a: Box, b: Box): Box => ({
      left: Math.max(a.left, b.left),
      top: Math.max(a.top, b.top),
      right: Math.min(a.right, b.right),
      bottom: Math.min(a.bottom, b.bottom),
    });
    const size = (b: Box) => Math.min(b.right - b.left, b.bottom - b.top);
    const seen: { el: HTMLElement; box: Box; layer: Element | null }[] = [];
    for (const el of controls) {
      const whole: Box = el.getBoundingClientRect();
      if (size(whole) < 3) continue; // only for screen readers
      let box = whole;
      let reached = { across: false, down: false };
      let layer: Element | null = null;
      for (let up = el.parentElement; up; up = up.parentElement) {
        const style = getComputedStyle(up);
        const floats = style.position === "fixed" || (style.position === "absolute" && style.zIndex !== "auto");
        if (layer === null && floats) layer = up;
        if (style.overflowX === "visible" && style.overflowY === "visible") continue;
        const edge = up.getBoundingClientRect();
        const scrolls = (how: string, more: boolean) => more && (how === "auto" || how === "scroll");
        reached = {
          across: reached.across || scrolls(style.overflowX, up.scrollWidth > up.clientWidth),
          down: reached.down || scrolls(style.overflowY, up.scrollHeight > up.clientHeight),
        };
        box = cut(box, edge);
      }
      box = cut(box, { left: 0, top: 0, right: innerWidth, bottom: innerHeight });
      if (!reached.across && (box.left > whole.left + 1 || box.right < whole.right - 1))
        found.push(`${name(el)} is cut off sideways`);
      if (!reached.down && (box.top > whole.top + 1 || box.bottom < whole.bottom - 1))
        found.push(`${name(el)} is cut off above or below`);
      if (size(box) > 3) seen.push({ el, box, layer });
    }
    for (const [n, a] of seen.entries()) {
      for (const b of seen.slice(n + 1)) {
        if (a.layer !== b.layer || a.el.contains(b.el) || b.el.contains(a.el)) continue;
        if (size(cut(a.box, b.box)) > 2) found.push(`${name(a.el)} lies on ${name(b.el)}`);
      }
    }
    return found;
  });
}
