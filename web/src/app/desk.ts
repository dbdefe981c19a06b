/** The page agents live in. It is fetched as soon as the frame stands, whatever page came first. */
export const desk = () => import("./pages/InteractionsPage");
