import { createContext, useContext } from "react";

/** Signs the user out, from anywhere in the app. */
export const SignOutContext = createContext<() => void>(() => undefined);

export function useSignOut(): () => void {
  return useContext(SignOutContext);
}
