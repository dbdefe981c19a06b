import { createContext, useContext } from "react";

/** How to sign out, from wherever the verb is shown. */
export const SignOutContext = createContext<() => void>(() => undefined);

export function useSignOut(): () => void {
  return useContext(SignOutContext);
}
