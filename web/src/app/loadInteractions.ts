/** Loads the page where agents work. The frame preloads it, even if another page is opened first. */
export const loadInteractions = () => import("./pages/InteractionsPage");
