import { useArrivals } from "./arrivals";

/**
 * Calls `refetch` after users' presence changed. No row holds the number of available agents per queue: pushing it would
 * reach thousands of desktops that do not show it, so the few that do fetch it themselves.
 */
export function usePresenceChange(refetch: () => void): void {
  useArrivals(({ users }) => users.length > 0, refetch);
}
