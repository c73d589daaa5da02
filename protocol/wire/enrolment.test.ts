import { expect, test } from 'vitest'
import { testParts } from '../../test/parts.ts'
import { authorityFingerprint, base32Of, readEnrolmentCode, writeEnrolmentCode } from './enrolment.ts'

const secret = 'MZXW6YTBOI2345672345672345'
const fingerprint = authorityFingerprint(testParts, new Uint8Array([1, 2, 3]))

test('base32 as in RFC 4648 10', () => {
  const rows = [
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ] as const
  for (const [plain, coded] of rows) expect(base32Of(testParts.utf8(plain))).toBe(coded)
})

test('a code is read back whatever its case', () => {
  const code = { node: 'qinglong', secret, fingerprint }
  expect(readEnrolmentCode(writeEnrolmentCode(code))).toEqual(code)
  expect(readEnrolmentCode(` ${writeEnrolmentCode(code).toLowerCase()}\n`)).toEqual(code)
})

test.each([
  ['no parts', 'qinglong'],
  ['a reserved node', `hub.${secret}.${fingerprint}`],
  ['a short secret', `qinglong.${secret.slice(1)}.${fingerprint}`],
  ['a letter that base32 has not', `qinglong.${secret.replace('M', '1')}.${fingerprint}`],
  ['too many parts', `qinglong.${secret}.${fingerprint}.x`],
])('%s is no code', (_why, text) => {
  expect(readEnrolmentCode(text)).toBeNull()
})
