export const it = {};
