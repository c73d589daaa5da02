import { describe, expect, test } from 'vitest'
import type { Licence } from '../ledger/master.ts'
import { judgeLabel, judgePapers, type Receivable } from './receipt.ts'

const NAME = { zh: '导管', en: 'Catheter' }
const MAKER = { zh: '甲厂', en: 'Maker A' }
const certificate = (issued: string | null, until: string | null) => ({ number: '国械注准20153140123', issued, until })
const licence = (kind: Licence['kind'], until: string | null, from: string | null = null): Licence => ({
  kind,
  number: `${kind}-1`,
  from,
  until,
})
const judged = (more: Partial<Receivable>, produced: string | null = null) =>
  judgePapers({ item: { name: NAME }, certificate: null, maker: null, ...more }, { today: '2026-11-22', produced })
const codes = (...told: Parameters<typeof judged>) =>
  judged(...told)
    .map(({ code }) => code.replace('rules.', ''))
    .join(' ')
const maker = (...licences: Licence[]) => ({ maker: { name: MAKER, licences } })

describe('papers of a receipt', () => {
  test.for([
    ['nothing recorded', {}, null, ''],
    ['given up', { item: { name: NAME, retired: true } }, null, 'item-retired'],
    ['a certificate that holds today', { certificate: certificate('2021-11-23', '2026-11-22') }, null, ''],
    ['one that ended yesterday', { certificate: certificate(null, '2026-11-21') }, null, 'certificate-ended'],
    ['the same, made while it held', { certificate: certificate(null, '2026-11-21') }, '2026-11-21', ''],
    ['one that holds today, made before', { certificate: certificate('2026-01-01', null) }, '2025-12-31', 'certificate-not-yet'],
    ['a filing, which does not end', { certificate: certificate(null, null) }, '1999-01-01', ''],
    ['a licence that holds', maker(licence('production', '2026-11-22')), null, ''],
    ['a licence that ended', maker(licence('production', '2026-11-21')), '2020-01-01', 'licence-ended'],
    [
      'one that ended and its successor',
      maker(licence('production', '2026-11-21'), licence('production', '2031-11-21', '2026-11-22')),
      null,
      '',
    ],
    ['one that ended beside a filing', maker(licence('production', '2026-11-21'), licence('filing', null)), null, ''],
    ['a business licence that ended', maker(licence('production', null), licence('business', '2026-01-01')), null, 'licence-ended'],
    ['a right to distribute, which a maker needs not', maker(licence('distribution', '2020-01-01')), null, ''],
    [
      'everything at once',
      { item: { name: NAME, retired: true }, certificate: certificate(null, '2026-11-21'), ...maker(licence('production', '2026-11-21')) },
      null,
      'item-retired certificate-ended licence-ended',
    ],
  ] as const)('%s', ([, more, produced, expected]) => {
    expect(codes(more as Partial<Receivable>, produced)).toBe(expected)
  })

  test('the sentence names the paper and the day, in both languages', () => {
    const [paper, made] = judged({
      certificate: certificate(null, '2026-11-21'),
      ...maker(licence('production', '2025-01-01'), licence('production', '2026-11-21')),
    })
    expect(paper).toMatchObject({
      zh: '导管 的注册证 国械注准20153140123 有效期至 2026-11-21，2026-11-22 已失效；确需收下请填写理由',
      facts: { number: '国械注准20153140123', until: '2026-11-21', day: '2026-11-22' },
    })
    expect(made?.zh).toContain('甲厂 的许可 production-1 已于 2026-11-21 到期')
    expect(made?.en).toContain('Licence production-1 of Maker A, who makes Catheter, ended on 2026-11-21')
  })
})

test('a label is asked for what it promises', () => {
  const item = { name: NAME, promises: { lot: true, expiry: true, produced: true, serial: false } }
  const said = { lot: true, expiry: false, produced: false, serial: false }
  expect(judgeLabel(item, said)).toMatchObject({
    code: 'rules.label-incomplete',
    zh: expect.stringContaining('应有有效期、生产日期，'),
    en: expect.stringContaining('Catheter should bear an expiry date, a manufacture date,'),
    facts: { missing: 'expiry produced' },
  })
  expect(judgeLabel(item, { ...said, expiry: true, produced: true })).toBeNull()
  expect(judgeLabel({ name: NAME }, { ...said, lot: false })).toBeNull()
})
