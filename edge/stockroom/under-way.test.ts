import type { NodeBody } from '@lotkeeper/protocol/api/node.ts'
import type { DocumentBody } from '@lotkeeper/protocol/ledger/bodies.ts'
import { despatchAction, withdrawAction } from '@lotkeeper/protocol/ledger/despatch.ts'
import type { Entry } from '@lotkeeper/protocol/ledger/entry.ts'
import { entryId, STREAM_TO_ALL, streamOfNode, streamToNode, transitTo } from '@lotkeeper/protocol/names.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { expect, test } from 'vitest'
import { announce, line, NODE, openTestHub } from '../ledger/fixtures/bench.ts'
import { expectedRows } from './expected.ts'
import { codeOf, openSite, SITE, type Site, tableOf } from './fixtures/site.ts'

const LOT = 'gauze/B1'
const DOC = 'DA-baihe-00112233AA'
const EPC = '3034257BF468D480000003E8'
let actions = 0
const next = () => {
  actions += 1
  return `action-${String(actions).padStart(4, '0')}`
}

/** The hub tells of a despatch to this site. */
const despatch = (site: Site, units: number, more: Partial<DocumentBody> & { readonly tags?: string[]; readonly lot?: string } = {}) => {
  const { tags = [], lot = LOT, ...rest } = more
  const lines = [{ lot, units, expiry: '2027-08-31', tags }]
  const body = { doc: DOC, type: 'despatch-advice' as const, from: 'baihe', to: NODE, lines, due: null, ...rest }
  const entry = site.hub.write(streamToNode(NODE), 'document', body)
  site.hub.tell(site.ledger)
  return entryId(entry.stream, entry.epoch, entry.seq)
}
const receive = (site: Site, quantity: number, more: Partial<NodeBody<'receive'>> = {}) =>
  site.stockroom.receive(
    { action: next(), item: 'gauze', lotNumber: 'B1', expiry: null, room: 'main', quantity, pack: 'piece', anotherBox: true, ...more },
    null,
  )
const entriesOf = (answer: ReturnType<typeof receive>) => {
  if (isRefusal(answer)) throw new Error(answer.en)
  return answer.entries
}
/** `doc lot announced received` a row, and where the units came from. */
const underWay = ({ ledger }: Site) => {
  expect(ledger.rebuild()).toEqual([])
  return expectedRows(ledger.read).map(({ doc, from, lot, announced, received }) => `${doc} from ${from}: ${lot} ${received}/${announced}`)
}
const came = ({ ledger }: Site) => ({
  transit: ledger.read.units(LOT, transitTo(NODE)),
  supplier: ledger.read.units(LOT, `${NODE}/~supplier`),
})

test('a despatch is expected until it has come, in parts, and too much of it is booked as it is', () => {
  const site = openSite()
  despatch(site, 50)
  expect(underWay(site)).toEqual([`${DOC} from baihe: ${LOT} 0/50`])
  expect(site.ledger.read.lot(LOT)?.expiry).toBe('2027-08-31')
  receive(site, 20, { doc: DOC })
  expect(underWay(site)).toEqual([`${DOC} from baihe: ${LOT} 20/50`])
  const [over = ''] = entriesOf(receive(site, 31, { doc: DOC, accept: true }))
  expect(underWay(site)).toEqual([])
  // The sending half stands in the sender's stream: here its transit lies below zero by all that came.
  expect(came(site)).toEqual({ transit: -51, supplier: 0 })
  const [accepted = ''] = site.ledger.read.movements({ limit: 1 }).map(({ id }) => id)
  for (const entry of [accepted, over]) site.stockroom.reverse({ action: next(), entry, reason: 'wrong box' }, null)
  expect(underWay(site)).toEqual([`${DOC} from baihe: ${LOT} 20/50`])
})

test.each([
  ['nobody said the document, and one despatch alone has it open', 30, {}, { transit: -30, supplier: 0 }],
  ['nobody said the document, and it is more than is open', 51, {}, { transit: 0, supplier: -51 }],
  ['a supplier delivers the lot meanwhile', 30, { doc: 'INV-7' }, { transit: 0, supplier: -30 }],
  ['a receipt is seen before its despatch', 30, { doc: 'DA-qingshan-0011223344' }, { transit: -30, supplier: 0 }],
  ['a number of this site is no despatch to it', 30, { doc: `DA-${NODE}-0011223344` }, { transit: 0, supplier: -30 }],
] as const)('where units come from: %s', (_story, units, more, from) => {
  const site = openSite()
  despatch(site, 50)
  receive(site, units, more)
  expect(came(site)).toEqual(from)
  expect(site.ledger.rebuild()).toEqual([])
})

test('a lot that is not on the paper came under it all the same', () => {
  const site = openSite()
  despatch(site, 50, { lot: 'gauze/B2' })
  receive(site, 10, { doc: DOC })
  expect(came(site)).toEqual({ transit: -10, supplier: 0 })
  expect(underWay(site)).toEqual([`${DOC} from baihe: gauze/B2 0/50`])
})

test('what tags announce and what a despatch announces are told apart', () => {
  const site = openSite()
  site.announce(EPC, LOT, 100)
  despatch(site, 50)
  expect(underWay(site)).toEqual([`${DOC} from baihe: ${LOT} 0/50`, `null from hub: ${LOT} 0/100`])
  expect(site.stockroom.identify(EPC)).toMatchObject({ expected: 150 })
  receive(site, 50, { doc: DOC })
  expect(underWay(site)).toEqual([`null from hub: ${LOT} 0/100`])
  receive(site, 120)
  expect(came(site)).toEqual({ transit: -50, supplier: -20 })
  expect(underWay(site)).toEqual([])
})

test('a pack on a despatch comes in through the door under its document', () => {
  const site = openSite()
  despatch(site, 40, { tags: [EPC] })
  expect(site.ledger.read.standing(EPC)).toEqual({ lot: LOT, units: 40, site: NODE, place: null, doc: DOC, retired: false })
  site.cross(EPC, 'in')
  expect(site.standing()).toBe(`${LOT} main/pending 40`)
  expect(site.ledger.read.movements({ limit: 1 })[0]?.entry.doc).toBe(DOC)
  expect(underWay(site)).toEqual([])
})

test('a pack that was shipped out and comes back on a despatch is received again', () => {
  const site = openSite()
  site.announce(EPC, LOT, 100)
  site.cross(EPC, 'in')
  site.cross(EPC, 'out')
  expect(site.ledger.read.tag(EPC)?.place).toBe(transitTo('baihe'))
  site.clock.pass(86_400_000)
  despatch(site, 70, { tags: [EPC] })
  site.cross(EPC, 'in')
  expect(site.standing()).toBe(`${LOT} main/pending 70`)
})

test('a despatch that was taken back is not expected any more', () => {
  const site = openSite()
  const first = despatch(site, 50)
  despatch(site, 5)
  site.hub.write(streamToNode(NODE), 'reverse', {}, [], { entry: first, lines: [] })
  site.hub.tell(site.ledger)
  expect(underWay(site)).toEqual([`${DOC} from baihe: ${LOT} 0/5`])
  expect(site.ledger.read.despatched(DOC)).toBe(true)
})

/** What a hub says of one shipment of baihe; one restored from a backup says it again in another epoch. */
const openTeller = (site: Site, shipment: string) => {
  const hub = openTestHub()
  const body = { doc: DOC, type: 'despatch-advice' as const, from: 'baihe', to: NODE, due: null }
  const lines = [{ lot: LOT, units: 40, expiry: null, tags: [EPC] }]
  const place = { stream: streamOfNode('baihe'), epoch: shipment, seq: 7 }
  const tell = (entry: Entry) => {
    site.ledger.exchange.take(hub.batch(entry.stream), hub.publicKey)
    return entryId(entry.stream, entry.epoch, entry.seq)
  }
  return {
    despatch: () => tell(hub.write(streamToNode(NODE), 'document', { ...body, lines }, [], null, despatchAction(place))),
    withdraw: (entry: string) => tell(hub.write(streamToNode(NODE), 'reverse', {}, [], { entry, lines: [] }, withdrawAction(place))),
  }
}
const UNHEARD = `${streamToNode(NODE)}/00000000000000ff/2`

/** Two hubs, one restored from a backup of the other; `a` and `b` are their words on one shipment, `A` and `B` their taking back of it. Whether its tag is known. */
test.each([
  ['ab', 80, true],
  ['aAb', 40, false],
  ['abB', 40, false],
  ['abAB', 40, false],
  ['Ba', 40, true],
  ['BabA', 40, true],
] as const)('a despatch that two epochs of the hub tell of counts once, beside another of its number: %s', (story, announced, tagged) => {
  const site = openSite()
  openTeller(site, '00000000000000cc').despatch()
  const hubs = { a: openTeller(site, '00000000000000aa'), b: openTeller(site, '00000000000000aa') }
  const told: Record<string, string> = {}
  for (const word of story) {
    const who = word.toLowerCase() as 'a' | 'b'
    if (word === who) told[who] = hubs[who].despatch()
    else hubs[who].withdraw(told[who] ?? UNHEARD)
  }
  expect(underWay(site)).toEqual([`${DOC} from baihe: ${LOT} 0/${announced}`])
  expect(site.ledger.read.standing(EPC) !== null).toBe(tagged)
})

test('what is told again changes nothing that happened since', () => {
  const site = openSite()
  openTeller(site, '00000000000000aa').despatch()
  site.cross(EPC, 'in')
  site.stockroom.scrap({ action: next(), place: `${NODE}/main/pending`, lot: LOT, units: 40, tags: [EPC], reason: 'wet' }, null)
  openTeller(site, '00000000000000aa').despatch()
  expect([underWay(site), tag(site)]).toEqual([[], '0@~scrapped'])
  openTeller(site, '00000000000000bb').despatch()
  expect(underWay(site)).toEqual([`${DOC} from baihe: ${LOT} 40/80`])
})

/** Packs registered under a document, what is received of the lot without one, and what is said to be under way. */
test.each([
  ['under its document', { 'DN-1': 1 }, 0, ['DN-1 100']],
  ['under each of two', { 'DN-1': 1, 'DN-2': 2 }, 0, ['DN-1 100', 'DN-2 200']],
  ['under none', { '': 1 }, 0, ['null 100']],
  ['under one and under none', { '': 1, 'DN-1': 1 }, 0, ['DN-1 100', 'null 100']],
  ['and some came', { 'DN-1': 2 }, 150, ['DN-1 50']],
  ['and some came, of which nobody knows', { 'DN-1': 1, 'DN-2': 1 }, 150, ['null 50']],
  ['and all came', { 'DN-1': 1, 'DN-2': 1 }, 200, []],
] as const)('packs that registrations announce are under way %s', (_story, papers, quantity, expected) => {
  const site = openSite()
  let packs = 0
  for (const [doc, count] of Object.entries(papers))
    for (let pack = 0; pack < count; pack += 1) {
      packs += 1
      announce(site.hub, { epc: `3034257BF468D48000000F${packs}0`, lot: LOT, units: 100, doc: doc === '' ? null : doc })
    }
  site.hub.tell(site.ledger)
  if (quantity > 0) receive(site, quantity)
  expect(expectedRows(site.ledger.read).map(({ doc, announced }) => `${doc} ${announced}`)).toEqual(expected)
})

test('a despatch to somebody else is none of ours', () => {
  const site = openSite()
  despatch(site, 50, { to: 'baihe' })
  despatch(site, 50, { type: 'receiving-advice' })
  expect(underWay(site)).toEqual([])
})

const PACK = { lot: LOT, quantity: 1, pack: 'carton', tags: [EPC] }
/** A tagged carton that was received and accepted; baihe is known. */
const shelved = (): Site => {
  const site = openSite()
  site.hub.write(STREAM_TO_ALL, 'site', { ...SITE, site: 'baihe' })
  site.announce(EPC, LOT, 100)
  site.cross(EPC, 'in')
  site.stockroom.accept({ action: next(), lot: LOT, room: 'main', units: 100 }, null)
  return site
}
const ship = (site: Site, line: Partial<typeof PACK> = {}, more: Partial<NodeBody<'ship'>> = {}) =>
  site.stockroom.ship({ action: next(), to: 'baihe', room: 'main', lines: [{ ...PACK, ...line }], ...more }, null)
const tag = ({ ledger }: Site) => {
  const row = ledger.read.tag(EPC)
  return `${row?.units ?? '?'}@${row?.place?.replace(`${NODE}/`, '') ?? '-'}`
}
const issue = (site: Site, quantity: number) =>
  site.stockroom.issue({ action: next(), lot: LOT, room: 'main', quantity, pack: 'piece', tags: [EPC] }, null)

test('a tagged pack goes with its units, and a reversal brings both back', () => {
  const site = shelved()
  const [entry = ''] = entriesOf(ship(site))
  expect(tag(site)).toBe('100@baihe/~transit')
  site.stockroom.reverse({ action: next(), entry, reason: 'wrong truck' }, null)
  expect([tag(site), site.standing()]).toEqual(['100@main/available', `${LOT} main/available 100`])
})

test('an opened pack holds its remainder only', () => {
  const site = shelved()
  site.put(`${LOT} main/available 50`)
  issue(site, 30)
  const refused = ship(site)
  expect(refused).toMatchObject({ code: 'ledger.not-enough', facts: { book: 70, asked: 100 } })
  entriesOf(ship(site, { quantity: 70, pack: 'piece' }))
  expect(tag(site)).toBe('70@baihe/~transit')
  expect(site.ledger.rebuild()).toEqual([])
})

test('a person who sees more in a pack than the book is believed, and nobody knows its rest then', () => {
  const site = shelved()
  site.put(`${LOT} main/available 50`)
  issue(site, 30)
  entriesOf(ship(site, {}, { moreThanBook: true }))
  expect(tag(site)).toBe('?@baihe/~transit')
})

test('a tag of another lot is no pack of this one', () => {
  const site = shelved()
  site.put('gauze/B2 main/available 100')
  expect(ship(site, { lot: 'gauze/B2' })).toMatchObject({ code: 'stockroom.tag-other-lot', facts: { lot: LOT } })
  const request = { action: next(), lot: 'gauze/B2', room: 'main', quantity: 1, pack: 'piece', tags: [EPC] }
  expect(codeOf(site.stockroom.issue(request, null))).toBe('stockroom.tag-other-lot')
})

/** What happens to the shelf with a carton of 100 on it, where its tag is then, and where it is once that is reversed. */
const TAGGED: readonly (readonly [string, (site: Site) => ReturnType<typeof receive>, string])[] = [
  ['a count finds some missing', (site) => count(site, 90), '90@main/available'],
  ['a count finds nothing', (site) => count(site, 0), '0@~adjusted'],
  ['a count finds more', (site) => count(site, 130), '100@main/available'],
  ['some are repacked', (site) => repack(site, 40), '60@main/available'],
  ['all are repacked', (site) => repack(site, 100), '0@~transformed'],
  ['the pack is scrapped', (site) => scrap(site, 100, [EPC]), '0@~scrapped'],
  ['some of the pack are scrapped', (site) => scrap(site, 30, [EPC]), '70@main/available'],
  ['the pack is held', (site) => hold(site, 100, [EPC]), '100@main/held'],
  ['some units are held, unnamed', (site) => hold(site, 30), '100@main/available'],
]
const shelf = `${NODE}/main/available`
const count = ({ stockroom }: Site, counted: number) => stockroom.count({ action: next(), place: shelf, lot: LOT, counted }, null)
const repack = ({ stockroom }: Site, units: number) =>
  stockroom.transform(
    {
      ...{ action: next(), act: 'repack', room: 'main', from: [{ lot: LOT, units }] },
      to: [{ item: 'gauze', lotNumber: 'B1-A', expiry: null, units }],
    },
    null,
  )
const scrap = ({ stockroom }: Site, units: number, tags: string[]) =>
  stockroom.scrap({ action: next(), place: shelf, lot: LOT, units, tags, reason: 'wet' }, null)
const hold = ({ stockroom }: Site, units: number, tags: string[] = []) =>
  stockroom.move({ action: next(), lot: LOT, from: shelf, to: `${NODE}/main/held`, units, tags }, null)

test.each(TAGGED)('a tag follows its units: %s', (_story, act, after) => {
  const site = shelved()
  const [entry = ''] = entriesOf(act(site))
  expect(tag(site)).toBe(after)
  expect(codeOf(site.stockroom.reverse({ action: next(), entry, reason: 'wrong' }, null))).toMatchObject({ fresh: true })
  expect([tag(site), site.standing()]).toEqual(['100@main/available', `${LOT} main/available 100`])
  expect(site.ledger.rebuild()).toEqual([])
})

test('what is used up of a pack whose rest is held leaves the tag with the rest', () => {
  const site = shelved()
  entriesOf(hold(site, 30))
  site.stockroom.issue({ action: next(), lot: LOT, room: 'main', quantity: 70, pack: 'piece' }, null)
  expect([tag(site), site.standing()]).toEqual(['30@main/held', tableOf(`${LOT} main/held 30 \n ${LOT} ~consumed 70`)])
})

test('a reversal after the pack was opened again gives back what it took, not what the pack was', () => {
  const site = shelved()
  const [first = ''] = entriesOf(issue(site, 10))
  entriesOf(issue(site, 5))
  site.stockroom.reverse({ action: next(), entry: first, reason: 'not used' }, null)
  expect([tag(site), site.standing()]).toEqual(['95@main/available', tableOf(`${LOT} main/available 95 \n ${LOT} ~consumed 5`)])
})

test('a registration that is taken back is no tag any more, unless its pack stands here', () => {
  const site = openSite()
  for (const [epc, inside] of [
    [EPC, false],
    ['3034257BF468D480000003E9', true],
  ] as const) {
    announce(site.hub, { epc, lot: LOT, units: 10 })
    const registered = site.hub.tips().find(({ stream }) => stream === streamToNode(NODE))
    site.hub.tell(site.ledger)
    if (inside) site.cross(epc, 'in')
    const entry = entryId(streamToNode(NODE), registered?.epoch ?? '', registered?.held ?? 0)
    site.hub.write(streamToNode(NODE), 'reverse', {}, [line(LOT, transitTo(NODE), 'hub/~supplier', 10)], { entry, lines: [0] })
    site.hub.tell(site.ledger)
    expect(site.ledger.read.tag(epc) !== null).toBe(inside)
  }
})
