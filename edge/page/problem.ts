import type { Problem } from '@lotkeeper/protocol/api/views.ts'
import type { Refusal } from '@lotkeeper/protocol/refusals.ts'
import type { Reply } from './server.ts'

/** A refusal as an answer [RFC 9457]: business says 409, everything else has its own status. */
export const problemOf = (refusal: Refusal): Reply => {
  const status = STATUS[refusal.code] ?? 409
  const { code, zh, en, facts } = refusal
  const body: Problem = { type: `urn:lotkeeper:${code}`, title: clip(zh), titleEn: clip(en), status, code, facts: { ...facts } }
  const wait = code === 'access.sign-in-locked' ? { 'retry-after': String(facts['seconds'] ?? 1) } : {}
  return { status, body, headers: wait }
}

const clip = (sentence: string): string => sentence.slice(0, 500).toWellFormed()

const STATUS: Readonly<Record<string, number>> = {
  'api.request-malformed': 400,
  'api.action-missing': 400,
  'ledger.quantity-not-whole': 400,
  'access.not-signed-in': 401,
  'access.sign-in-wrong': 401,
  'access.name-first': 409,
  'access.origin-foreign': 403,
  'access.role-missing': 403,
  'api.not-found': 404,
  'api.body-too-large': 413,
  'api.media-type-unknown': 415,
  'access.sign-in-locked': 423,
  'api.fault': 500,
  'api.streams-too-many': 503,
  'ledger.disk-failed': 507,
  'ledger.disk-full': 507,
}
