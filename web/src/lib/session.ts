/** What became of a try to sign in. */
export type SignInResult = "in" | "wrong" | "slow" | "offline" | "fault";

type Fetch = (input: string, init?: RequestInit) => Promise<Response>;

/** Asks the server for a session; the cookie it sets is all there is to keep. */
export async function signIn(login: string, password: string, ask: Fetch = fetch): Promise<SignInResult> {
  try {
    const res = await ask("/auth/login", {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ login, password }),
    });
    if (res.ok) return "in";
    if (res.status === 401 || res.status === 400) return "wrong";
    return res.status === 429 ? "slow" : "fault";
  } catch {
    return "offline";
  }
}

export async function signOut(ask: Fetch = fetch): Promise<void> {
  await ask("/auth/logout", { method: "POST", credentials: "same-origin" }).catch(() => undefined);
}

/** Whether this browser is signed in. A server that cannot be reached is neither yes nor no. */
export async function whoAmI(ask: Fetch = fetch): Promise<"in" | "out" | "offline"> {
  try {
    const res = await ask("/auth/me", { credentials: "same-origin" });
    if (res.ok) return "in";
    return res.status === 401 ? "out" : "offline";
  } catch {
    return "offline";
  }
}
