import { GS } from '@lotkeeper/protocol/codes/aim.ts'
import { describe, expect, it } from 'vitest'
import { GS_TEST_TEXT, GS_VERDICTS, gsCheck } from './gs-check.ts'
import { PLAIN_PROFILE, SCAN_NOTICES, type ScannerProfile } from './kind.ts'
import { SCANNER_KINDS } from './kinds.ts'
import type { LineOrderName } from './line-orders.ts'

const read = (kind: LineOrderName, profile: Partial<ScannerProfile>, sent: string): readonly string[] =>
  SCANNER_KINDS[kind]
    .open({ ...PLAIN_PROFILE, ...profile })
    .take(new TextEncoder().encode(`${sent}\r`))
    .flatMap((one) => (one.kind === 'scan' ? [one.text, ...one.notices] : [one.kind]))

const UDI = `01069012345678921728083110B250901${GS}21SN1`
const CODED = { codeId: true } as const

describe('what makers put around the data', () => {
  it.each([
    ['newland', { ...CODED, prefix: 'W1-', suffix: '#' }, `W1-u]d2${UDI}#`, [`]d2${UDI}`]],
    ['newland', CODED, `u${GS}${UDI}`, [`]d2${UDI}`]],
    ['newland', CODED, `u${UDI}`, [UDI]],
    ['newland', CODED, `j${GS}${UDI}`, [`]C1${UDI}`]],
    ['newland', CODED, 'd6901234567892', [']E06901234567892']],
    ['newland', CODED, 'd96385074', [']E496385074']],
    ['newland', CODED, 'c036000291452', [']E00036000291452']],
    ['newland', CODED, 'c04252614', [']E00042100005264']],
    ['newland', CODED, 'e16901234567899', [']I116901234567899']],
    ['newland', CODED, 'h汉信', [']h0汉信']],
    ['honeywell', CODED, `w${GS}${UDI}`, [`]d2${UDI}`]],
    ['honeywell', CODED, `I${UDI}`, [`]C1${UDI}`]],
    ['honeywell', CODED, 'jB1', [']C0B1']],
    ['honeywell', CODED, 'D96385074', [']E496385074']],
    ['honeywell', { aim: true }, `]d2${UDI}`, [`]d2${UDI}`]],
    ['honeywell', { ...CODED, separator: '|' }, `I${UDI.replace(GS, '|')}`, [`]C1${UDI}`]],
    ['datalogic', CODED, 'B6901234567892', [']E06901234567892']],
    ['datalogic', CODED, `k${UDI}`, [`]C1${UDI}`]],
    ['datalogic', { aim: true, separator: '<GS>' }, `]d2${UDI.replace(GS, '<GS>')}`, [`]d2${UDI}`]],
    ['line', {}, `]C1${GS}${UDI}`, [`]C1${UDI}`]],
    ['line', { aim: false }, ']d2 is printed here', [']d2 is printed here']],
  ] as const)('%s %j: %j', (kind, profile, sent, expected) => {
    expect(read(kind, profile, sent)).toEqual(expected)
  })

  it.each([
    [{ prefix: 'W1-' }, `]d2${UDI}`, 'scanner.prefix-missing'],
    [{ suffix: '#' }, `]d2${UDI}`, 'scanner.suffix-missing'],
    [CODED, `]d2${UDI}`, 'scanner.code-id-missing'],
  ] as const)('a part that did not come is told, and the scan is taken: %j', (profile, sent, notice) => {
    expect(read('newland', profile, sent)).toEqual([sent, notice])
    expect(SCAN_NOTICES[notice].zh).not.toBe('')
  })

  it('an AIM id that was set and did not come is told', () => {
    expect(read('honeywell', { aim: true }, UDI)).toEqual([UDI, 'scanner.aim-missing'])
  })

  it('GB 18030 is read where it was set, and UTF-8 all the same', () => {
    const ear = () => SCANNER_KINDS.line.open({ ...PLAIN_PROFILE, coding: 'gb18030' })
    expect(ear().take(Uint8Array.of(0xc9, 0xb4, 0xb2, 0xbc, 0x0d))).toMatchObject([{ text: '纱布' }])
    expect(ear().take(new TextEncoder().encode('纱布\r'))).toMatchObject([{ text: '纱布' }])
    expect(SCANNER_KINDS.line.open(PLAIN_PROFILE).take(Uint8Array.of(0xc9, 0xb4, 0xb2, 0xbc, 0x0d))).toMatchObject([{ reason: 'not-utf8' }])
  })

  it('no lamp and no beep of a host where the maker has none', () => {
    expect(SCANNER_KINDS.line.acknowledge(true)).toEqual([])
  })
})

describe('the test symbol', () => {
  it.each([
    [`]d2${GS_TEST_TEXT}`, 'good', null],
    [`${GS}${GS_TEST_TEXT}`, 'good', null],
    [GS_TEST_TEXT, 'aim-off', null],
    [`]d2${GS_TEST_TEXT.replace(GS, '')}`, 'gs-dropped', null],
    [GS_TEST_TEXT.replace(GS, '<GS>'), 'gs-replaced', '<GS>'],
    [`]d2${GS_TEST_TEXT.replace(GS, ' ')}`, 'gs-replaced', ' '],
    [']E06901234567892', 'other-text', null],
  ] as const)('%j is %s', (scanned, is, separator) => {
    expect(gsCheck(scanned)).toEqual({ is, separator, ...GS_VERDICTS[is] })
  })
})
