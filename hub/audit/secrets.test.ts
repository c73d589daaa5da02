import { HUB_ROUTES, type HubRoute } from '@lotkeeper/protocol/api/hub.ts'
import { auditedOf } from '@lotkeeper/protocol/api/hub-audited.ts'
import type { Route } from '@lotkeeper/protocol/api/route.ts'
import { describe, expect, test } from 'vitest'
import { HUB_EXAMPLES } from '../api/examples.ts'
import { isSecret, SECRET_MARK, withoutSecrets } from './secrets.ts'
import { detailShownTo } from './seen.ts'

/** Field names of a schema, however deep. */
const namesIn = (schema: unknown): readonly string[] => {
  if (typeof schema !== 'object' || schema === null) return []
  const { properties = {}, ...rest } = schema as { readonly properties?: object }
  return [...Object.keys(properties), ...Object.values(properties).flatMap(namesIn), ...Object.values(rest).flatMap(namesIn)]
}
const ROUTES = Object.entries(HUB_ROUTES) as [HubRoute, Route][]
/** Field names in which a secret could stand, by whatever name it goes. */
const LIKELY = /pass|token|\bpin|secret|code|key|otp|verifier|cookie|credential|signature|authori|seed|salt|nonce/i
/** Those that are public by what they are. */
const PUBLIC = ['creditCode', 'signingKey', 'authority', 'passed', 'passedTo']

describe('a secret is never kept', () => {
  test.each([
    ...['password', 'newPassword', 'new_password', 'PASSWORD', 'token', 'accessToken', 'api-key', 'apiKey', 'key', 'pin', 'newPin', 'code'],
    ...['totpCode', 'totp_code', 'secret', 'clientSecret', 'verifier', 'recoveryCodes', 'Authorization', 'cookie', 'otp', 'keySecret'],
  ])('by the name %s', (name) => {
    for (const value of ['hunter2', 4711, ['hunter2'], { deep: 'hunter2' }])
      expect(withoutSecrets({ a: [{ [name]: value }] })).toEqual({ a: [{ [name]: SECRET_MARK }] })
  })

  test.each(['item', 'name', 'reason', 'keeper', 'passage', 'pinned', 'creditCode', 'signingKey', 'decoder', 'packs'])(
    'and %s is none',
    (name) => {
      expect(withoutSecrets({ [name]: 'kept' })).toEqual({ [name]: 'kept' })
    },
  )

  test.each(ROUTES)('in what %s takes and gives', (name, { query, body, answer }) => {
    const likely = [query, body, answer].flatMap(namesIn).filter((one) => LIKELY.test(one) && !PUBLIC.includes(one))
    expect(likely.filter((one) => !isSecret(one))).toEqual([])
    const example = JSON.stringify(withoutSecrets(HUB_EXAMPLES[name]))
    expect(example).not.toContain(`"password":"${HUB_EXAMPLES.signIn.body.password}"`)
    expect(example).not.toContain(HUB_EXAMPLES.createEnrolment.answer.code)
    expect(example).not.toContain(HUB_EXAMPLES.signIn.answer.token)
  })
})

test('what is long, many, deep or torn is cut, and stays JSON', () => {
  const deep = Array.from({ length: 50 }).reduce<object>((inner) => ({ inner }), {})
  const bytes = new Uint8Array(9)
  const kept = withoutSecrets({
    long: 'x'.repeat(9_000),
    many: Array.from({ length: 5_000 }, () => 1),
    deep,
    torn: '\ud800',
    bytes,
  }) as Record<string, unknown>
  expect(JSON.stringify(kept).length).toBeLessThan(1_500)
  expect(kept).toMatchObject({ torn: '\ufffd', bytes: { bytes: 9 } })
  expect((kept['many'] as unknown[]).at(-1)).toBe('… 5000')
})

test('a route that writes is on record unless it is known to change nothing', () => {
  const writes = ROUTES.filter(([, { method }]) => method !== 'GET').map(([name]) => name)
  expect(writes.filter((name) => auditedOf(name) !== 'write').sort()).toEqual(['previewLabels', 'signOut'])
  const read = ROUTES.filter(([name, { method }]) => method === 'GET' && auditedOf(name) === 'read').map(([name]) => name)
  expect(read).toEqual(
    expect.arrayContaining(['party', 'file', 'asides', 'tagLife', 'exportTable', 'tableErrors', 'audit', 'auditEntry', 'auditExport']),
  )
  expect(read).not.toContain('stock')
})

test('contacts, prices and case numbers are shown to whoever may see them', () => {
  const detail = { after: { name: 'Huadong', contact: '139 0000 0000', lines: [{ unitPrice: 12, case: '住院 4711' }] } }
  expect(detailShownTo({ 'contacts.see': 'all', 'prices.see': 'all', 'cases.see': 'all' })(detail)).toEqual(detail)
  expect(detailShownTo({ 'prices.see': ['qinglong'] })(detail)).toEqual({
    after: { name: 'Huadong', contact: '…', lines: [{ unitPrice: 12, case: '…' }] },
  })
})
