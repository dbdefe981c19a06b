import { RouterProvider } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useState } from "react";
import { Provider } from "urql";
import { forgetUnsent, guardUnsent } from "@/features/conversation/leaving";
import { createClient } from "@/graphql/client";
import { startLive } from "@/graphql/live";
import { signOut, whoAmI } from "@/lib/session";
import { Offline, Skeleton } from "@/ui/States";
import { TooltipProvider } from "@/ui/Tooltip";
import { NewPassword } from "./NewPassword";
import { createAppRouter } from "./router";
import { SignIn } from "./SignIn";
import { SignOutContext } from "./signOut";

type State = "checking" | "in" | "mustChange" | "out" | "offline";

export function App() {
  const [state, setState] = useState<State>("checking");
  const out = useCallback(() => setState("out"), []);
  const check = useCallback(() => void whoAmI().then(setState), []);
  useEffect(check, [check]);
  useEffect(() => {
    if (state !== "offline") return;
    const timer = window.setInterval(check, 3000);
    return () => window.clearInterval(timer);
  }, [state, check]);
  switch (state) {
    case "checking":
      return <Skeleton className="mx-auto max-w-md pt-24" rows={3} />;
    case "offline":
      return <Offline onRetry={check} />;
    case "out":
      return <SignIn onDone={setState} />;
    case "mustChange":
      return <NewPassword onDone={() => setState("in")} />;
    case "in":
      return <SignedIn onOut={out} />;
  }
}

function SignedIn({ onOut }: { onOut: () => void }) {
  const [session, setSession] = useState<ReturnType<typeof createClient> | null>(null);
  const router = useMemo(createAppRouter, []);
  useEffect(() => {
    const created = createClient(onOut);
    const stop = startLive(created.client);
    const unguard = guardUnsent();
    setSession(created);
    return () => {
      stop();
      unguard();
      forgetUnsent();
      created.close();
    };
  }, [onOut]);
  const endSession = useCallback(() => void signOut().then(onOut), [onOut]);
  if (!session) return null;
  return (
    <Provider value={session.client}>
      <SignOutContext value={endSession}>
        <TooltipProvider delayDuration={400} skipDelayDuration={200}>
          <RouterProvider router={router} />
        </TooltipProvider>
      </SignOutContext>
    </Provider>
  );
}
