import { NODE_ROUTES } from '@lotkeeper/protocol/api/node.ts'
import type { LotExpiryBody } from '@lotkeeper/protocol/ledger/bodies.ts'
import { STREAM_TO_ALL } from '@lotkeeper/protocol/names.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { Compile } from 'typebox/compile'
import { expect, test } from 'vitest'
import { NODE } from '../ledger/fixtures/bench.ts'
import { codeOf, GAUZE, openSite, type Site } from './fixtures/site.ts'
import { lotExpiryRows } from './lot-expiry.ts'

const LOT = 'gauze/B1'
const GTIN = GAUZE.packs[2]?.gtin ?? ''
const [EARLY, LATE, OTHER] = ['2027-08-31', '2027-09-30', '2027-12-31']
const check = Compile(NODE_ROUTES.lotExpiries.answer)
let actions = 0
const action = () => {
  actions += 1
  return `expiry-${String(actions).padStart(4, '0')}`
}
const receive = (site: Site, expiry: string | null, scan?: string) => {
  const box = { item: 'gauze', lotNumber: 'B1', expiry, room: 'main', quantity: 1, pack: 'carton', accept: true }
  const answer = site.stockroom.receive({ action: action(), ...box, ...(scan ? { scan } : {}), anotherBox: true }, 'keeper-1')
  if (isRefusal(answer)) throw new Error(answer.en)
  return answer
}
const settle = (site: Site, expiry: string, shown: string[], reason?: string) =>
  site.stockroom.settleExpiry({ action: action(), lot: LOT, expiry, shown, ...(reason ? { reason } : {}) }, 'keeper-1')
/** The day that rules, and those that stand against each other; the book refolds to the same, and what is shown fits its schema. */
const standing = ({ ledger }: Site) => {
  expect(ledger.rebuild()).toEqual([])
  const rows = lotExpiryRows(ledger.read)
  expect(check.Errors(rows)).toEqual([])
  return [ledger.read.lot(LOT)?.expiry, rows.rows.flatMap(({ days }) => days.map(({ expiry }) => expiry))]
}
const told = (site: Site, body: Partial<LotExpiryBody> & Pick<LotExpiryBody, 'expiry'>) => {
  site.hub.write(STREAM_TO_ALL, 'lot-expiry', { lot: LOT, told: [EARLY, LATE], version: 1, reason: null, ...body })
  site.hub.tell(site.ledger)
}

test('a code without a date leaves the stored one, and the same day again changes nothing', () => {
  const site = openSite()
  receive(site, LATE)
  receive(site, null, `(01)${GTIN}(10)B1`)
  receive(site, LATE)
  expect(standing(site)).toEqual([LATE, []])
  expect(site.stockroom.identify(`(01)${GTIN}(10)B1`)).toMatchObject({ expiry: LATE })
})

test('a different day opens a conflict: the earlier rules, both are shown with who said them', () => {
  const site = openSite()
  receive(site, LATE)
  receive(site, null, `]d201${GTIN}1727083110B1`)
  expect(standing(site)).toEqual([EARLY, [EARLY, LATE]])
  expect(lotExpiryRows(site.ledger.read).rows).toMatchObject([
    {
      lot: LOT,
      lotNumber: 'B1',
      itemName: GAUZE.name,
      units: 200,
      days: [
        { expiry: EARLY, by: 'label' },
        { expiry: LATE, by: 'hand' },
      ],
    },
  ])
})

test('a person settles it: the answer rules, old entries keep what they said, and a label that says the old day asks nobody again', () => {
  const site = openSite()
  const [first] = receive(site, LATE).entries
  receive(site, EARLY)
  expect(codeOf(settle(site, LATE, [EARLY, LATE]))).toBe('rules.reason-missing')
  expect(codeOf(settle(site, LATE, [LATE], '看过标签'))).toBe('rules.lot-expiry-moved')
  expect(codeOf(settle(site, '2027-02-30', [EARLY, LATE], '看过标签'))).toBe('catalog.expiry-malformed')
  const answer = settle(site, LATE, [EARLY, LATE], '看过标签')
  expect(isRefusal(answer)).toBe(false)
  expect(standing(site)).toEqual([LATE, []])
  expect(site.ledger.read.entry(first ?? '')?.body).toMatchObject({ lots: [{ expiry: LATE }] })
  expect(lotExpiryRows(site.ledger.read).answered).toMatchObject([
    { lot: LOT, expiry: LATE, told: [EARLY, LATE], reason: '看过标签', actor: 'keeper-1', by: 'node' },
  ])
  receive(site, EARLY)
  expect(standing(site)).toEqual([LATE, []])
  const view = site.stockroom.identify(`(01)${GTIN}(17)270831(10)B1`)
  expect(view.expiry).toBe(LATE)
  expect(view.rows.map(({ value }) => value)).not.toContain('catalog.lot-expiry-differs')
  receive(site, OTHER)
  expect(standing(site)).toEqual([LATE, [LATE, OTHER]])
  expect(isRefusal(settle(site, LATE, [LATE, OTHER]))).toBe(false)
  expect(standing(site)).toEqual([LATE, []])
})

test('an answer may be given anew, with a reason', () => {
  const site = openSite()
  receive(site, LATE)
  receive(site, EARLY)
  settle(site, EARLY, [EARLY, LATE])
  expect(codeOf(settle(site, LATE, [EARLY]))).toBe('rules.reason-missing')
  expect(isRefusal(settle(site, LATE, [EARLY], '厂家确认'))).toBe(false)
  expect(standing(site)).toEqual([LATE, []])
  expect(site.ledger.read.lotExpiry(LOT).answers.map(({ version, expiry }) => [version, expiry])).toEqual([
    [2, LATE],
    [1, EARLY],
  ])
  expect(codeOf(site.stockroom.settleExpiry({ action: action(), lot: 'gauze/none', expiry: EARLY, shown: [EARLY] }, null))).toBe(
    'stockroom.lot-unknown',
  )
})

test('the county tells of days that stand against each other elsewhere, and of the answer', () => {
  const site = openSite()
  receive(site, LATE)
  told(site, { expiry: null, version: 0 })
  expect(standing(site)).toEqual([EARLY, [EARLY, LATE]])
  expect(lotExpiryRows(site.ledger.read).rows[0]?.days.map(({ by }) => by)).toEqual(['county', 'hand'])
  told(site, { expiry: LATE, reason: '标签照片' })
  expect(standing(site)).toEqual([LATE, []])
  expect(lotExpiryRows(site.ledger.read).answered).toMatchObject([{ expiry: LATE, by: 'county' }])
})

test('in whatever order the words come: the answer before the days it settles', () => {
  const site = openSite()
  told(site, { expiry: LATE })
  expect(standing(site)).toEqual([LATE, []])
  receive(site, EARLY)
  expect(standing(site)).toEqual([LATE, []])
})

test('what a node answered and the county repeats is one answer; another given at the same time opens the question again', () => {
  const site = openSite()
  receive(site, LATE)
  receive(site, EARLY)
  settle(site, LATE, [EARLY, LATE], '看过标签')
  told(site, { expiry: LATE })
  expect(site.ledger.read.lotExpiry(LOT).answers.map(({ entry }) => entry.split('>')[0])).toEqual([NODE])
  told(site, { expiry: EARLY })
  expect(standing(site)).toEqual([EARLY, [EARLY, LATE]])
  expect(isRefusal(settle(site, LATE, [EARLY, LATE], '看过标签'))).toBe(false)
  expect(standing(site)).toEqual([LATE, []])
})

test('a lot that neither stands here nor comes is no task here', () => {
  const site = openSite()
  told(site, { lot: 'gauze/B9', expiry: null, version: 0 })
  expect(site.ledger.read.lotConflicts().map(({ lot }) => lot)).toEqual(['gauze/B9'])
  expect(lotExpiryRows(site.ledger.read).rows).toEqual([])
  site.announce('3034257BF468D480000003E8', 'gauze/B9', 100, EARLY)
  expect(lotExpiryRows(site.ledger.read).rows).toMatchObject([{ lot: 'gauze/B9', days: [{ by: 'tag' }, { by: 'county' }] }])
})
