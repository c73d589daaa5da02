import type { Refusal } from '../refusals.ts'
import type { Problem } from './views.ts'

/** An expected no as a problem document [RFC 9457]: the code, both sentences, the values that matter. */
export const problemOf = ({ code, zh, en, facts }: Refusal): Problem => ({
  type: `urn:lotkeeper:refusal:${code}`,
  title: zh,
  status: statusOf(code),
  code,
  titleEn: en,
  facts: { ...facts },
})

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8'

/** HTTP status of a refusal; what stands in no row is a business refusal: the request was understood and conflicts with what is. */
export const statusOf = (code: string): number => STATUSES[code] ?? 409

const STATUSES: Readonly<Record<string, number>> = {
  'access.not-signed-in': 401,
  'access.code-wrong': 401,
  'access.county-only': 403,
  'access.host-unknown': 421,
  'access.machine-cannot': 403,
  'access.machine-unknown': 404,
  'access.origin-foreign': 403,
  'access.right-missing': 403,
  'access.self-change': 403,
  'access.session-unknown': 404,
  'access.site-foreign': 403,
  'access.too-many-requests': 429,
  'access.totp-needed': 401,
  'access.user-unknown': 404,
  'access.sign-in-locked': 423,
  'access.sign-in-wrong': 401,
  'aside.unknown': 404,
  'api.action-differs': 400,
  'api.action-missing': 400,
  'api.body-too-large': 413,
  'api.fault': 500,
  'api.media-type-unknown': 415,
  'api.not-found': 404,
  'api.request-malformed': 400,
  'audit.unknown': 404,
  'audit.unwritable': 507,
  'catalog.file-type-unknown': 415,
  'imports.file-too-large': 413,
  'imports.unknown': 404,
  'catalog.opening-unknown': 404,
  'catalog.provisional-unknown': 404,
  'ledger.disk-full': 507,
  'reference.file-too-large': 413,
  'webhooks.unknown': 404,
}
