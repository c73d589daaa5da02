import type { NodeBody } from '@lotkeeper/protocol/api/node.ts'
import type { TransformBody } from '@lotkeeper/protocol/ledger/bodies.ts'
import { STREAM_TO_ALL } from '@lotkeeper/protocol/names.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { expect, test } from 'vitest'
import { NODE } from '../ledger/fixtures/bench.ts'
import { codeOf, GAUZE, openSite, SITE, type Site, tableOf } from './fixtures/site.ts'

const LOT = 'gauze/B1'
const SHELF = `${NODE}/main/available`
let actions = 0
const next = () => {
  actions += 1
  return `action-${String(actions).padStart(4, '0')}`
}
/** A site with 100 pieces on the shelf, 20 waiting and 10 held, which knows two other items and another site. */
const stocked = (): Site => {
  const site = openSite()
  site.hub.write(STREAM_TO_ALL, 'site', { ...SITE, site: 'baihe', name: { zh: '白河镇卫生院', en: 'Baihe' } })
  site.hub.write(STREAM_TO_ALL, 'item', { ...GAUZE, item: 'iodine', packs: [] })
  site.hub.write(STREAM_TO_ALL, 'item', { ...GAUZE, item: 'kit', packs: [] })
  site.hub.tell(site.ledger)
  site.put(`${LOT} main/available 100 \n ${LOT} main/pending 20 \n ${LOT} main/held 10 \n iodine/J1 main/available 30`)
  return site
}
/** What an act came to, its lines short, and that the book refolds to the same. */
const last = ({ ledger }: Site) => {
  expect(ledger.rebuild()).toEqual([])
  const entry = ledger.read.movements({ limit: 1 })[0]?.entry
  return entry?.lines.map(({ lot, from, to, units }) => `${lot} ${short(from)} > ${short(to)} ${units}`)
}
const short = (place: string) => place.replace(`${NODE}/`, '')
const entryOf = (answer: ReturnType<Site['stockroom']['count']>): string => {
  if (isRefusal(answer)) throw new Error(answer.en)
  return answer.entries[0] ?? ''
}
/** Reverses the last act: the book stands as before it, whatever it was. */
const undo = (site: Site, entry: string) => codeOf(site.stockroom.reverse({ action: next(), entry, reason: 'wrong' }, null))

const count = (site: Site, more: Partial<NodeBody<'count'>> = {}) =>
  site.stockroom.count({ action: next(), place: SHELF, lot: LOT, counted: 100, ...more }, 'keeper-1')

test.each([
  ['more than the book', SHELF, 103, [`${LOT} ~adjusted > main/available 3`]],
  ['less than the book', SHELF, 90, [`${LOT} main/available > ~adjusted 10`]],
  ['nothing at all', SHELF, 0, [`${LOT} main/available > ~adjusted 100`]],
  ['what waits', `${NODE}/main/pending`, 21, [`${LOT} ~adjusted > main/pending 1`]],
  ['what is held', `${NODE}/main/held`, 4, [`${LOT} main/held > ~adjusted 6`]],
  ['a place the lot never had', `${NODE}/ward/available`, 5, [`${LOT} ~adjusted > ward/available 5`]],
])('a count finds %s, and its reversal puts the book back', (_what, place, counted, lines) => {
  const site = stocked()
  const [before, book] = [site.standing(), site.ledger.read.units(LOT, place)]
  const head = site.ledger.head()
  const entry = entryOf(count(site, { place, counted, book, reason: 'month end' }))
  expect(last(site)).toEqual(lines)
  expect(site.ledger.read.units(LOT, place)).toBe(counted)
  expect(site.ledger.read.entry(entry)?.body).toEqual({
    ...{ place, lot: LOT, counted, book, reason: 'month end' },
    at: `${NODE}>*/${head.epoch}/${head.seq}`,
  })
  undo(site, entry)
  expect(site.standing()).toBe(before)
})

test('a count that agrees is an observation without lines', () => {
  const site = stocked()
  const entry = entryOf(count(site))
  expect(site.ledger.read.entry(entry)).toMatchObject({ kind: 'count', lines: [], body: { counted: 100, book: 100 } })
  expect(undo(site, entry)).toBe('ledger.reverse-nothing')
})

test.each([
  ['the page shows an old book', { book: 99 }, 'stockroom.book-moved'],
  ['no lot', { lot: 'gauze' }, 'ledger.lot-malformed'],
  ['a lot nobody knows', { lot: 'gauze/B9' }, 'stockroom.lot-unknown'],
  ['no such room', { place: `${NODE}/attic/available` }, 'stockroom.room-unknown'],
  ['a virtual place', { place: `${NODE}/~consumed` }, 'ledger.place-unknown'],
  ['the room of another site', { place: 'baihe/main/available' }, 'ledger.place-not-owned'],
  ['half a piece', { counted: 0.5 }, 'ledger.quantity-not-whole'],
  ['a task that is none', { task: `${NODE}>*/0011223344556677/9` }, 'stockroom.task-unknown'],
] as const)('a count is refused: %s', (_story, more, code) => {
  expect(codeOf(count(stocked(), more))).toBe(code)
})

const PART = { lot: LOT, units: 60 }
const MADE = { item: 'gauze', lotNumber: 'B1-A', expiry: null, units: 60 }
const transform = (site: Site, more: Partial<NodeBody<'transform'>> = {}) =>
  site.stockroom.transform({ action: next(), act: 'repack', room: 'main', from: [PART], to: [MADE], ...more }, 'keeper-1')
const edgesOf = (site: Site, entry: string) =>
  ((site.ledger.read.entry(entry)?.body as TransformBody | undefined)?.edges ?? []).map(
    (edge) => `${edge.parent} ${edge.parentUnits} > ${edge.child} ${edge.childUnits}`,
  )

test.each([
  ['repacked', 'repack', [PART], [MADE], ['gauze/B1 60 > gauze/B1-A 60']],
  [
    'split in two',
    'split',
    [PART],
    [
      { ...MADE, units: 20 },
      { ...MADE, lotNumber: 'B1-B', units: 40 },
    ],
    ['gauze/B1 20 > gauze/B1-A 20', 'gauze/B1 40 > gauze/B1-B 40'],
  ],
  [
    'split, one part named twice',
    'split',
    [
      { ...PART, units: 10 },
      { ...PART, units: 50 },
    ],
    [
      { ...MADE, units: 20 },
      { ...MADE, units: 40 },
    ],
    ['gauze/B1 60 > gauze/B1-A 60'],
  ],
  [
    'put into a kit',
    'kit',
    [
      { ...PART, units: 30 },
      { lot: 'iodine/J1', units: 10 },
    ],
    [{ item: 'kit', lotNumber: 'K1', expiry: '2027-01-31', units: 10 }],
    ['gauze/B1 30 > kit/K1 10', 'iodine/J1 10 > kit/K1 10'],
  ],
] as const)('lots are %s, and the reversal restores all of them', (_what, act, from, to, edges) => {
  const site = stocked()
  const before = site.standing()
  const entry = entryOf(transform(site, { act, from: [...from], to: [...to] }))
  expect(last(site)?.length).toBeGreaterThan(1)
  expect(edgesOf(site, entry)).toEqual(edges)
  undo(site, entry)
  expect(site.standing()).toBe(before)
  expect(site.ledger.rebuild()).toEqual([])
})

test('lots are merged side by side, and the earliest date of the parts is that of the whole', () => {
  const site = stocked()
  site.announce('3034257BF468D480000003E8', 'gauze/B2', 50, '2027-03-31')
  site.put('gauze/B2 main/available 50')
  const entry = entryOf(
    transform(site, { act: 'merge', from: [PART, { lot: 'gauze/B2', units: 50 }], to: [{ ...MADE, lotNumber: 'M1', units: 110 }] }),
  )
  expect(edgesOf(site, entry)).toEqual(['gauze/B1 60 > gauze/M1 60', 'gauze/B2 50 > gauze/M1 50'])
  expect(site.ledger.read.lot('gauze/M1')).toMatchObject({ expiry: '2027-03-31' })
  expect(site.standing()).toBe(
    tableOf(`gauze/B1 main/available 40 \n gauze/B1 main/pending 20 \n gauze/B1 main/held 10 \n gauze/B1 ~transformed 60
      gauze/B2 ~transformed 50 \n gauze/M1 main/available 110 \n gauze/M1 ~transformed -110 \n iodine/J1 main/available 30`),
  )
})

const LATER = { rule: 'stockroom.expiry-later', reason: 'sterilised anew' }
const EXPIRED = { rule: 'rules.lot-expired', reason: 'for training' }
/** B2 lasts until spring, B0 is long past. */
const dated = (): Site => {
  const site = stocked()
  site.announce('3034257BF468D480000003E8', 'gauze/B2', 50, '2027-03-31')
  site.announce('3034257BF468D480000003E9', 'gauze/B0', 50, '2025-03-31')
  site.put('gauze/B2 main/available 50 \n gauze/B0 main/available 50')
  return site
}
const OF_B2 = { from: [{ lot: 'gauze/B2', units: 5 }], to: [{ ...MADE, units: 5 }] }
const OF_B0 = { from: [{ lot: 'gauze/B0', units: 5 }], to: [{ ...MADE, units: 5 }] }

test.each([
  ['no later date without a word', { ...OF_B2, to: [{ ...MADE, units: 5, expiry: '2027-04-01' }] }, 'stockroom.expiry-later'],
  [
    'a word without a reason',
    { ...OF_B2, to: [{ ...MADE, units: 5, expiry: '2027-04-01' }], override: { ...LATER, reason: ' ' } },
    'rules.reason-missing',
  ],
  ['an expired part', OF_B0, 'rules.lot-expired'],
  ['a word about something else', { ...OF_B0, override: LATER }, 'rules.lot-expired'],
  ['a part that is made', { to: [{ ...MADE, lotNumber: 'B1' }] }, 'stockroom.same-lot'],
  ['more made than taken', { to: [{ ...MADE, units: 61 }] }, 'stockroom.units-differ'],
  ['more taken than there is', { from: [{ lot: LOT, units: 101 }], to: [{ ...MADE, units: 101 }] }, 'ledger.not-enough'],
  ['a lot nobody knows', { from: [{ lot: 'gauze/B9', units: 60 }] }, 'stockroom.lot-unknown'],
  ['no lot at all', { from: [{ lot: 'gauze', units: 60 }] }, 'ledger.lot-malformed'],
  ['an item nobody knows', { to: [{ ...MADE, item: 'tape' }] }, 'stockroom.item-unknown'],
  ['a date that is none', { to: [{ ...MADE, expiry: '2027-02-30' }] }, 'catalog.expiry-malformed'],
  ['no such room', { room: 'attic' }, 'stockroom.room-unknown'],
] as const)('a transformation is refused: %s', (_story, more, code) => {
  expect(codeOf(transform(dated(), more as unknown as Partial<NodeBody<'transform'>>))).toBe(code)
})

test('units of several parts are laid beside those of several things made of them', () => {
  const site = dated()
  const from = [
    { lot: LOT, units: 30 },
    { lot: 'gauze/B2', units: 30 },
  ]
  const to = [
    { ...MADE, lotNumber: 'S1', units: 20 },
    { ...MADE, lotNumber: 'S2', units: 40 },
  ]
  expect(edgesOf(site, entryOf(transform(site, { act: 'merge', from, to })))).toEqual([
    'gauze/B1 20 > gauze/S1 20',
    'gauze/B1 10 > gauze/S2 10',
    'gauze/B2 30 > gauze/S2 30',
  ])
})

test('too many things made of too many are no entry', () => {
  const site = stocked()
  const lots = Array.from({ length: 12 }, (_, at) => `iodine/X${at}`)
  site.put(lots.map((lot) => `${lot} main/available 1`).join('\n'))
  const to = lots.map((_, at) => ({ item: 'kit', lotNumber: `K${at}`, expiry: null, units: 1 }))
  expect(codeOf(transform(site, { act: 'kit', from: lots.map((lot) => ({ lot, units: 1 })), to }))).toBe('ledger.entry-too-large')
})

test.each([
  ['a later date', { ...OF_B2, to: [{ ...MADE, units: 5, expiry: '2027-04-01' }], override: LATER }, LATER],
  ['an expired part', { ...OF_B0, override: EXPIRED }, EXPIRED],
  ['nothing to set aside', { ...OF_B2, override: EXPIRED }, undefined],
] as const)('a word about %s is kept where it counts', (_story, more, kept) => {
  const site = dated()
  const entry = entryOf(transform(site, more as unknown as Partial<NodeBody<'transform'>>))
  expect(site.ledger.read.entry(entry)?.body['override']).toEqual(kept)
})

const SHIPPED = { lot: LOT, quantity: 6, pack: 'bag' }
const ship = (site: Site, more: Partial<NodeBody<'ship'>> = {}) =>
  site.stockroom.ship({ action: next(), to: 'baihe', room: 'main', lines: [SHIPPED], ...more }, 'keeper-1')

test('goods are shipped under a number that is this act alone, and come back when it was a mistake', () => {
  const site = stocked()
  const before = site.standing()
  const request = { action: 'ship-0001', to: 'baihe', room: 'main', lines: [SHIPPED, { ...SHIPPED, quantity: 1, pack: 'piece' }] }
  const first = entryOf(site.stockroom.ship(request, 'keeper-1'))
  expect(last(site)).toEqual([`${LOT} main/available > baihe/~transit 60`, `${LOT} main/available > baihe/~transit 1`])
  const doc = site.ledger.read.entry(first)?.doc
  expect(doc).toMatch(/^DA-qinglong-[0-9A-F]{10}$/)
  expect(entryOf(site.stockroom.ship(request, 'keeper-1'))).toBe(first)
  const second = entryOf(ship(site, { lines: [{ ...SHIPPED, quantity: 1 }] }))
  expect(site.ledger.read.entry(second)?.doc).not.toBe(doc)
  expect(site.ledger.read.entry(second)?.lines[0]?.entered).toEqual({ quantity: 1, pack: 'bag', factorVersion: 3 })
  undo(site, second)
  undo(site, first)
  expect(site.standing()).toBe(before)
  expect(site.ledger.read.units(LOT, 'baihe/~transit')).toBe(0)
})

test('a number that was said is kept, and what the shelf holds beyond the book goes along when a person says so', () => {
  const site = stocked()
  const lines = [
    { ...SHIPPED, quantity: 9 },
    { ...SHIPPED, quantity: 3 },
  ]
  expect(codeOf(ship(site, { lines }))).toBe('rules.more-than-book')
  const answer = ship(site, { lines, doc: ' D-7 ', moreThanBook: true })
  expect(answer).toMatchObject({ unexplained: 20 })
  expect(last(site)).toEqual([
    `${LOT} main/available > baihe/~transit 90`,
    `${LOT} ~unexplained > main/available 20`,
    `${LOT} main/available > baihe/~transit 30`,
  ])
  expect(site.ledger.read.entry(entryOf(answer))?.doc).toBe('D-7')
})

test.each([
  ['a site nobody knows', { to: 'nowhere' }, 'stockroom.site-unknown'],
  ['to oneself', { to: NODE }, 'ledger.same-place'],
  ['out of no room', { room: 'attic' }, 'stockroom.room-unknown'],
  ['a pack that is none', { lines: [{ ...SHIPPED, pack: 'crate' }] }, 'catalog.pack-unknown'],
  ['an item nobody knows', { lines: [{ ...SHIPPED, lot: 'tape/1' }] }, 'stockroom.item-unknown'],
  ['no lot', { lines: [{ ...SHIPPED, lot: 'gauze' }] }, 'ledger.lot-malformed'],
  ['no tag', { lines: [{ ...SHIPPED, tags: ['XY'] }] }, 'epc.hex-wrong'],
] as const)('a shipment is refused: %s', (_story, more, code) => {
  expect(codeOf(ship(stocked(), more as unknown as Partial<NodeBody<'ship'>>))).toBe(code)
})

test('held units are scrapped with a reason, by tag too, and come back from a mistake', () => {
  const site = stocked()
  const before = site.standing()
  const scrap = (more: Partial<NodeBody<'scrap'>>) =>
    site.stockroom.scrap({ action: next(), place: `${NODE}/main/held`, lot: LOT, units: 4, reason: 'wet', ...more }, null)
  expect(codeOf(scrap({ reason: ' ' }))).toBe('rules.reason-missing')
  expect(codeOf(scrap({ units: 11 }))).toBe('ledger.not-enough')
  expect(codeOf(scrap({ units: 0.5 }))).toBe('ledger.quantity-not-whole')
  expect(codeOf(scrap({ lot: 'gauze' }))).toBe('ledger.lot-malformed')
  const entry = entryOf(scrap({}))
  expect(last(site)).toEqual([`${LOT} main/held > ~scrapped 4`])
  undo(site, entry)
  expect(site.standing()).toBe(before)
})

test('units go to another room, into quarantine and out of it; inspection is no matter of carrying', () => {
  const site = dated()
  const before = site.standing()
  const move = (from: string, to: string, more: Partial<NodeBody<'move'>> = {}) =>
    site.stockroom.move({ action: next(), lot: LOT, from: `${NODE}/${from}`, to: `${NODE}/${to}`, units: 5, ...more }, null)
  expect(codeOf(move('main/available', 'main/available'))).toBe('ledger.same-place')
  expect(codeOf(move('main/available', '~scrapped'))).toBe('ledger.place-unknown')
  expect(codeOf(move('main/available', 'attic/held'))).toBe('stockroom.room-unknown')
  expect(codeOf(move('main/held', 'main/available', { units: 11 }))).toBe('ledger.not-enough')
  site.put('gauze/B0 main/pending 5')
  expect(codeOf(move('main/pending', 'ward/available', { lot: 'gauze/B0' }))).toBe('rules.lot-expired')
  const ways = [
    move('main/available', 'main/held', { reason: 'damaged box' }),
    move('main/held', 'main/available'),
    move('main/pending', 'ward/available'),
  ]
  expect(last(site)).toEqual([`${LOT} main/pending > ward/available 5`])
  for (const way of ways.toReversed()) undo(site, entryOf(way))
  expect(site.standing().replace('\ngauze/B0 main/pending 5', '')).toBe(before)
})
