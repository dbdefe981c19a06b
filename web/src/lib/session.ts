/** The result of signing in or choosing a password. After `mustChange`, the user must choose a password to continue. */
export type SignInResult = "in" | "mustChange" | "wrong" | "weak" | "slow" | "offline" | "fault";

type Fetch = (input: string, init?: RequestInit) => Promise<Response>;

/** Signs in. The session is kept in a cookie set by the server. */
export function signIn(login: string, password: string, send: Fetch = fetch): Promise<SignInResult> {
  return post("/auth/login", { login, password }, send);
}

/** Replaces the user's password. */
export function choosePassword(current: string, password: string, send: Fetch = fetch): Promise<SignInResult> {
  return post("/auth/password", { current, password }, send);
}

async function post(path: string, body: object, send: Fetch): Promise<SignInResult> {
  try {
    const res = await send(path, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (res.ok) return (await mustChangePassword(res)) ? "mustChange" : "in";
    if (res.status === 401 || res.status === 400) return "wrong";
    if (res.status === 422) return "weak";
    return res.status === 429 ? "slow" : "fault";
  } catch {
    return "offline";
  }
}

async function mustChangePassword(res: Response): Promise<boolean> {
  const who: unknown = await res.json().catch(() => null);
  return typeof who === "object" && who !== null && "mustChangePassword" in who && who.mustChangePassword === true;
}

export async function signOut(send: Fetch = fetch): Promise<void> {
  await send("/auth/logout", { method: "POST", credentials: "same-origin" }).catch(() => undefined);
}

/** How long to wait for the server, in milliseconds. On a dead line a browser would wait for many minutes. */
const patience = 8000;

/** Returns the state of this browser's session, or "offline" if the server cannot be reached. */
export async function whoAmI(send: Fetch = fetch): Promise<"in" | "mustChange" | "out" | "offline"> {
  const waiting = new AbortController();
  const limit = setTimeout(() => waiting.abort(), patience);
  try {
    const res = await send("/auth/me", { credentials: "same-origin", signal: waiting.signal });
    if (res.ok) return (await mustChangePassword(res)) ? "mustChange" : "in";
    if (res.status === 403) return "mustChange"; // signed in, but the password must be changed first
    return res.status === 401 ? "out" : "offline";
  } catch {
    return "offline";
  } finally {
    clearTimeout(limit);
  }
}
