import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import { encodeSgtin96 } from '@lotkeeper/protocol/epc/encode.ts'
import { encodeSgtinPlus } from '@lotkeeper/protocol/epc/plus.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { expect, test } from 'vitest'
import { NODE } from '../ledger/fixtures/bench.ts'
import { codeOf, GAUZE, openSite, type Site } from './fixtures/site.ts'

const LOT = 'gauze/B1'
const SHELF = `${NODE}/main/available`
const CARTON = GAUZE.packs[2]?.gtin ?? ''
const tagOf = (serial: string): string => written(encodeSgtin96({ gtin: CARTON, serial, prefixDigits: 7, filter: 2 }))
const written = (bytes: Uint8Array | { readonly code: string }): string => {
  if (!(bytes instanceof Uint8Array)) throw new Error(bytes.code)
  return hexOf(bytes).toUpperCase()
}
const [OLD, NEW, THIRD] = [tagOf('1'), tagOf('2'), tagOf('3')]

type Asked = Partial<Parameters<Site['stockroom']['retag']>[0]>
const retag = ({ stockroom }: Site, action: string, asked: Asked) =>
  stockroom.retag({ action, from: null, to: null, reason: '标签破损', ...asked }, 'keeper-1')
const entryOf = (answer: ReturnType<typeof retag>): string => {
  if (isRefusal(answer)) throw new Error(answer.code)
  return answer.entries[0] ?? ''
}
const undo = ({ stockroom }: Site, action: string, entry: string) =>
  codeOf(stockroom.reverse({ action, entry, reason: '贴错了' }, 'keeper-1'))
const outcomeOf = ({ ledger }: Site, [entry = '']: readonly string[]) => {
  const written = ledger.read.entry(entry)
  return written?.kind === 'passage' ? written.body['outcome'] : written?.kind
}

/** A tagged carton that came in through the door and was accepted. */
const withCarton = () => {
  const site = openSite()
  site.announce(OLD, LOT, 100)
  site.cross(OLD, 'in')
  site.stockroom.accept({ action: 'accept-01', lot: LOT, room: 'main', units: 100 }, null)
  return site
}

test('a replaced label: the new one stands where the old one stood, and neither door nor rebuild takes it for new goods', () => {
  const site = withCarton()
  const before = site.standing()
  const asked = { from: OLD, to: NEW }
  const first = retag(site, 'retag-01', asked)
  expect(first).toMatchObject({ fresh: true, unexplained: 0 })
  expect(retag(site, 'retag-01', asked)).toMatchObject({ fresh: false, entries: [entryOf(first)] })
  const { read, rebuild } = site.ledger
  expect(read.entry(entryOf(first))).toMatchObject({
    ...{ kind: 'retag', lines: [], actor: 'keeper-1' },
    body: { from: OLD, to: NEW, lot: LOT, expiry: '2027-08-31', pack: 'carton', units: 100, left: 100, place: SHELF, why: '标签破损' },
  })
  expect(read.tag(NEW)).toMatchObject({ place: SHELF, units: 100, retired: null, registration: { lot: LOT, pack: 'carton', units: 100 } })
  expect(read.tag(OLD)).toMatchObject({ place: null, retired: { why: '标签破损' } })
  expect(outcomeOf(site, site.cross(NEW, 'in'))).toBe('confirmed')
  for (const way of ['in', 'out', 'uncertain'] as const) expect(outcomeOf(site, site.cross(OLD, way))).toBe('retired-tag')
  expect(site.standing()).toBe(before)
  expect(outcomeOf(site, site.cross(NEW, 'out'))).toBe('ship')
  expect(site.standing()).toBe('')
  expect(rebuild()).toEqual([])
})

test('a retired label that is read makes a task that only says nothing happened', () => {
  const site = withCarton()
  entryOf(retag(site, 'retag-01', { from: OLD }))
  const [task = ''] = site.cross(OLD, 'uncertain')
  const settle = (action: string, answer: string) => codeOf(site.stockroom.settle({ action, task, answer }, null))
  expect(settle('settle-01', 'in')).toBe('stockroom.answer-unknown')
  expect(settle('settle-02', 'none')).toMatchObject({ fresh: true })
  expect(site.stockroom.identify(OLD)).toMatchObject({ epc: OLD, lot: LOT, refused: { code: 'stockroom.tag-retired' } })
  const receipt = { item: 'gauze', lotNumber: 'B1', expiry: null, room: 'main', quantity: 1, pack: 'carton', tags: [OLD] }
  expect(codeOf(site.stockroom.receive({ action: 'receive-09', ...receipt }, null))).toBe('stockroom.tag-retired')
  // The county tells the same registration once more: it stays retired.
  site.announce(OLD, LOT, 100)
  expect(outcomeOf(site, site.cross(OLD, 'in'))).toBe('retired-tag')
})

test('a first label for stock that stands here, never more than stands there', () => {
  const site = openSite()
  site.put(`${LOT} main/available 150`)
  const first = { to: NEW, lot: LOT, place: SHELF, pack: 'carton' }
  entryOf(retag(site, 'retag-01', first))
  expect(outcomeOf(site, site.cross(NEW, 'in'))).toBe('confirmed')
  expect(codeOf(retag(site, 'retag-02', { ...first, to: THIRD }))).toBe('stockroom.tags-exceed-stock')
  entryOf(retag(site, 'retag-03', { ...first, to: THIRD, pack: 'bag' }))
  expect(outcomeOf(site, site.cross(NEW, 'out'))).toBe('ship')
  expect(site.standing()).toBe(`${LOT} main/available 50`)
  expect(site.ledger.rebuild()).toEqual([])
})

test('a label torn on the way is replaced before its goods come, and the new one brings them in', () => {
  const site = openSite()
  site.announce(OLD, LOT, 100)
  entryOf(retag(site, 'retag-01', { from: OLD, to: NEW }))
  expect(outcomeOf(site, site.cross(NEW, 'in'))).toBe('receive')
  expect(site.standing()).toBe(`${LOT} main/pending 100`)
  expect(outcomeOf(site, site.cross(OLD, 'in'))).toBe('retired-tag')
})

test('what was changed is taken back once, and the pack stays where it went meanwhile', () => {
  const site = withCarton()
  const replaced = entryOf(retag(site, 'retag-01', { from: OLD, to: NEW }))
  site.stockroom.move({ action: 'move-0001', lot: LOT, from: SHELF, to: `${NODE}/main/held`, units: 100, tags: [NEW] }, null)
  expect(undo(site, 'reverse-01', replaced)).toMatchObject({ fresh: true })
  expect(undo(site, 'reverse-01', replaced)).toMatchObject({ fresh: false })
  expect(undo(site, 'reverse-02', replaced)).toBe('ledger.reverse-twice')
  const { read, rebuild } = site.ledger
  expect([read.tag(NEW), read.tag(OLD)]).toMatchObject([null, { place: `${NODE}/main/held`, units: 100, retired: null }])
  expect(read.retags(5)).toMatchObject([{ id: replaced, undoneBy: expect.any(String) }])
  expect(rebuild()).toEqual([])
})

test('what has moved on is not taken back', () => {
  const site = withCarton()
  const replaced = entryOf(retag(site, 'retag-01', { from: OLD, to: NEW }))
  const again = entryOf(retag(site, 'retag-02', { from: NEW, to: THIRD }))
  expect(undo(site, 'reverse-01', replaced)).toBe('stockroom.tag-moved-on')
  expect(undo(site, 'reverse-02', again)).toMatchObject({ fresh: true })
  site.cross(NEW, 'out')
  expect(undo(site, 'reverse-03', replaced)).toBe('stockroom.tag-moved-on')
  const other = withCarton()
  const retired = entryOf(retag(other, 'retag-01', { from: OLD }))
  other.stockroom.issue({ action: 'issue-0001', lot: LOT, room: 'main', quantity: 1, pack: 'piece' }, null)
  expect(undo(other, 'reverse-01', retired)).toBe('stockroom.tag-moved-on')
})

test('the symbol on a label names the same tag as its chip', () => {
  const site = withCarton()
  // A serial that an SGTIN-96 holds takes the company prefix of the tags known of these goods; any other is an SGTIN+.
  entryOf(retag(site, 'retag-01', { from: `(01)${CARTON}(21)1`, to: `(01)${CARTON}(21)2` }))
  expect(site.ledger.read.tag(NEW)).toMatchObject({ place: SHELF })
  const plus = written(encodeSgtinPlus({ gtin: CARTON, serial: 'C0FFEE', filter: 0 }))
  entryOf(retag(site, 'retag-02', { from: `(01)${CARTON}(21)2`, to: `(01)${CARTON}(21)C0FFEE` }))
  expect(site.ledger.read.tag(plus)).toMatchObject({ place: SHELF })
  entryOf(retag(site, 'retag-03', { from: `(01)${CARTON}(21)C0FFEE` }))
  expect(site.ledger.read.tag(plus)).toMatchObject({ place: null, retired: { why: '标签破损' } })
})

test('what cannot be labelled is refused, with nothing written', () => {
  const site = withCarton()
  site.put('gauze/B2 main/available 100')
  site.announce(THIRD, 'gauze/B3', 100)
  const first = { lot: LOT, place: SHELF, pack: 'carton' }
  const rows: readonly (readonly [Asked, string])[] = [
    [{ from: OLD, to: NEW, reason: '  ' }, 'rules.reason-missing'],
    [{}, 'stockroom.tag-nothing'],
    [{ from: OLD, to: OLD }, 'stockroom.tag-nothing'],
    [{ from: NEW, to: null }, 'stockroom.tag-unknown'],
    [{ from: 'nonsense', to: null }, 'stockroom.tag-unread'],
    [{ from: OLD, to: '(01)16901234000018(21)1' }, 'stockroom.tag-unread'],
    [{ from: OLD, to: THIRD }, 'stockroom.tag-announced'],
    [{ ...first, to: OLD, lot: 'gauze/B2' }, 'stockroom.tag-in-use'],
    [{ ...first, to: NEW, lot: 'gauze/B9' }, 'stockroom.lot-unknown'],
    [{ ...first, to: NEW, place: 'baihe/main/available' }, 'ledger.place-unknown'],
    [{ ...first, to: NEW, pack: 'pallet' }, 'catalog.pack-unknown'],
    [{ ...first, to: NEW }, 'stockroom.tags-exceed-stock'],
  ]
  const head = site.ledger.head()
  for (const [at, [asked, code]] of rows.entries()) expect([at, codeOf(retag(site, `wrong-${at}00000`, asked))]).toEqual([at, code])
  expect(site.ledger.head()).toEqual(head)
  site.cross(OLD, 'out')
  expect(codeOf(retag(site, 'wrong-away', { from: OLD, to: NEW }))).toBe('stockroom.tag-not-here')
  const used = withCarton()
  const retired = { from: OLD }
  entryOf(retag(used, 'retag-01', retired))
  expect(codeOf(retag(used, 'retag-02', retired))).toBe('stockroom.tag-retired')
})
