// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import type { Client, OperationResult } from "urql";
import { Provider } from "urql";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { fromValue } from "wonka";
import { startLanguage } from "@/i18n";
import { OutboundBanner } from "./OutboundBanner";

const hold = { held: true, reason: "RESTORED", note: null, since: "2026-03-14T12:00:00Z" };

/** Shows the banner to a user with these permissions and returns the mutations they ran. */
function show(outbound: object, permissions: string[]): unknown[] {
  const ran: unknown[] = [];
  const answer = (data: object) => fromValue({ data, stale: false, hasNext: false } as unknown as OperationResult);
  const client = {
    executeQuery: () => answer({ outbound, me: { permissions } }),
    executeMutation: (request: { variables: unknown }) => {
      ran.push(request.variables);
      return answer({ releaseOutbound: { outbound: { held: false } } });
    },
  } as unknown as Client;
  render(
    <Provider value={client}>
      <OutboundBanner />
    </Provider>,
  );
  return ran;
}

const patience = 60_000; // a busy machine needs long to load and draw
vi.setConfig({ testTimeout: patience });
beforeAll(() => startLanguage(), patience);
afterEach(cleanup);

test("every user sees that messages are held and why", () => {
  show(hold, []);
  expect(screen.getByRole("status").textContent).toContain("restored from a backup");
  expect(screen.queryByRole("button")).toBeNull();
});

test("an operator's hold is shown in the operator's words", () => {
  show({ ...hold, reason: "OPERATOR", note: "the number is blocked" }, []);
  expect(screen.getByRole("status").textContent).toContain("the number is blocked");
});

test("an administrator is asked before the messages are sent", () => {
  const ran = show(hold, ["ADMINISTER"]);
  fireEvent.click(screen.getByRole("button", { name: "Resume sending" }));
  expect(screen.getByRole("status").textContent).toContain("Send all queued messages now?");
  expect(ran).toEqual([]);
  fireEvent.click(screen.getByRole("button", { name: "Send them" }));
  expect(ran).toHaveLength(1);
});

test("nothing is shown while messages are sent", () => {
  show({ held: false, reason: null, note: null, since: null }, ["ADMINISTER"]);
  expect(screen.queryByRole("status")).toBeNull();
});
