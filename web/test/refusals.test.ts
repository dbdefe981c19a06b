// @vitest-environment node
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { en } from "../src/i18n/en";

/** Refusals that only the command line, other programs or the server itself can get. */
const elsewhere = new Set(
  `ADDRESSES_SEPARATED ADDRESS_LINKED AGENT_MISSING ALIAS_INVALID ALIAS_NAMED ALIAS_UNKNOWN BAD_USER_INPUT COMMAND_ID_REUSED CONTACT_MISSING
  GENERATION_OLD INTERACTION_EXISTS KEY_MISMATCH KEY_MISSING MERGED_ELSEWHERE MERGE_SELF MESSAGE_KIND
  NOT_CLAIMED NOT_DUE NOT_QUEUED NOT_YOUR_TURN NUMBER_HELD OFFER_INVALID OTHER_NOT_MERGED REASON_MISSING
  SEND_CLAIMED STATUS_UNKNOWN TRANSFER_INVALID TRANSFER_NOT_ACCEPTED TRANSFER_OUTCOME USER_ID_MISSING`.split(/\s+/),
);

test("every refusal the desktop can get has its own text", () => {
  const page = readFileSync(new URL("../../docs/errors.md", import.meta.url), "utf8");
  const codes = [...page.matchAll(/^\| ([A-Z_]+) \| (?:INVALID|NOT_FOUND|CONFLICT|FORBIDDEN|UNAVAILABLE) \|/gm)].map(
    (m) => m[1] ?? "",
  );
  expect(codes.length).toBeGreaterThan(100);
  const missing = codes.filter((c) => !elsewhere.has(c) && !(c in en.refusal));
  expect(missing).toEqual([]);
});
