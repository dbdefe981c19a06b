/** What became of a try to sign in, or to choose a password. `due`: signed in with a password that somebody else set. */
export type SignInResult = "in" | "due" | "wrong" | "weak" | "slow" | "offline" | "fault";

type Fetch = (input: string, init?: RequestInit) => Promise<Response>;

/** Asks the server for a session; the cookie it sets is all there is to keep. */
export function signIn(login: string, password: string, ask: Fetch = fetch): Promise<SignInResult> {
  return offer("/auth/login", { login, password }, ask);
}

/** Puts a password of one's own in the place of the one that was given. */
export function choosePassword(current: string, password: string, ask: Fetch = fetch): Promise<SignInResult> {
  return offer("/auth/password", { current, password }, ask);
}

async function offer(path: string, body: object, ask: Fetch): Promise<SignInResult> {
  try {
    const res = await ask(path, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (res.ok) return (await due(res)) ? "due" : "in";
    if (res.status === 401 || res.status === 400) return "wrong";
    if (res.status === 422) return "weak";
    return res.status === 429 ? "slow" : "fault";
  } catch {
    return "offline";
  }
}

async function due(res: Response): Promise<boolean> {
  const who: unknown = await res.json().catch(() => null);
  return typeof who === "object" && who !== null && "mustChangePassword" in who && who.mustChangePassword === true;
}

export async function signOut(ask: Fetch = fetch): Promise<void> {
  await ask("/auth/logout", { method: "POST", credentials: "same-origin" }).catch(() => undefined);
}

/** Whether this browser is signed in. A server that cannot be reached is neither yes nor no. */
export async function whoAmI(ask: Fetch = fetch): Promise<"in" | "due" | "out" | "offline"> {
  try {
    const res = await ask("/auth/me", { credentials: "same-origin" });
    if (res.ok) return (await due(res)) ? "due" : "in";
    if (res.status === 403) return "due"; // all that is refused to who is signed in, for that one reason
    return res.status === 401 ? "out" : "offline";
  } catch {
    return "offline";
  }
}
