// @vitest-environment node
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { en } from "../src/i18n/en";

/** What only settings, the command line or other programs are refused with, or what no button of the desktop asks for. */
const elsewhere = new Set(
  `AGENT_MISSING ALIAS_INVALID ALIAS_NAMED ALIAS_UNKNOWN BAD_USER_INPUT BASE_URL_INVALID CAPACITY_INVALID COLOR_INVALID
  COMMAND_ID_REUSED CONTACT_MISSING DIAL_PREFIX_INVALID FIELD_INVALID FIELD_TYPE_INVALID GENERATION_OLD INTERACTION_EXISTS
  KEY_INVALID KEY_MISMATCH KEY_MISSING LEVEL_FIXED LEVEL_INVALID LOGIN_INVALID MASK_INVALID MERGED_ELSEWHERE MERGE_SELF
  MESSAGE_KIND NAME_INVALID NOT_AN_AGENT NOT_ARCHIVABLE NOT_CLAIMED NOT_DUE NOT_QUEUED NOT_YOUR_TURN NUMBER_INVALID
  OFFER_INVALID OTHER_NOT_MERGED PASSWORD_REFUSED PAUSE_REASONS_INVALID PHONE_NUMBER_ID_MISSING PROVIDER_UNKNOWN RATE_INVALID
  REASON_MISSING ROLE_UNKNOWN SCOPE_INVALID SECRET_UNKNOWN SEND_CLAIMED SETTING_ARCHIVED SETTING_EXISTS SETTING_UNKNOWN
  SHORTCUT_INVALID SILENT_OWNER_INVALID STATUS_UNKNOWN STRATEGY_UNKNOWN TEXT_INVALID TIMEOUT_INVALID TRANSFER_INVALID
  TRANSFER_NOT_ACCEPTED TRANSFER_OUTCOME USER_ID_MISSING VARIABLE_UNKNOWN WEIGHT_INVALID WINDOW_INVALID`.split(/\s+/),
);

test("every refusal an agent can meet has words of its own", () => {
  const page = readFileSync(new URL("../../docs/errors.md", import.meta.url), "utf8");
  const codes = [...page.matchAll(/^\| ([A-Z_]+) \| (?:INVALID|NOT_FOUND|CONFLICT|FORBIDDEN|UNAVAILABLE) \|/gm)].map(
    (m) => m[1] ?? "",
  );
  expect(codes.length).toBeGreaterThan(100);
  const missing = codes.filter((c) => !elsewhere.has(c) && !(c in en.refusal));
  expect(missing).toEqual([]);
});
