import type { TransformBody } from '@lotkeeper/protocol/ledger/bodies.ts'
import type { Entry, LotFact } from '@lotkeeper/protocol/ledger/entry.ts'
import { isOwnRoom } from '@lotkeeper/protocol/ledger/movement.ts'
import { lotOf, STREAM_TO_ALL, streamToNode } from '@lotkeeper/protocol/names.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { draft, line, NODE } from '../ledger/fixtures/bench.ts'
import { DOORS, GAUZE, openSite, SITE, type Site } from './fixtures/site.ts'

/** Three lots of two items, three tags, the states of two rooms: few enough that acts meet. */
const LOTS = ['gauze/B1', 'gauze/B2', 'iodine/J1'] as const
const EPCS = ['3034257BF468D480000003E8', '3034257BF468D480000003E9', '3034257BF468D480000003EA'] as const
const PLACES = ['main/pending', 'main/available', 'main/held', 'ward/available'].map((place) => `${NODE}/${place}`)
const DOCS = ['DA-baihe-0011223344', 'INV-1', ''] as const

const lot = fc.constantFrom(...LOTS)
const place = fc.constantFrom(...PLACES)
const units = fc.integer({ min: 1, max: 40 })
const tags = fc.option(fc.constantFrom(...EPCS), { nil: undefined, freq: 2 })
const more = fc.boolean()

/** An act, and what of it is taken back at once: the property of reversal is asked of every act in every situation. */
const ACT = fc.oneof(
  fc.record({ is: fc.constant('receive' as const), lot, units, doc: fc.constantFrom(...DOCS), accept: more, tags }),
  fc.record({ is: fc.constant('accept' as const), lot, units }),
  fc.record({ is: fc.constant('issue' as const), lot, units, more, tags, to: fc.constantFrom('', 'ward') }),
  fc.record({ is: fc.constant('count' as const), lot, place, counted: fc.integer({ min: 0, max: 60 }) }),
  fc.record({
    is: fc.constant('transform' as const),
    from: fc.uniqueArray(fc.record({ lot, units }), { minLength: 1, maxLength: 3, selector: (one) => one.lot }),
    parts: fc.integer({ min: 1, max: 3 }),
    kit: more,
  }),
  fc.record({ is: fc.constant('ship' as const), lot, units, more, tags }),
  fc.record({ is: fc.constant('scrap' as const), lot, place, units, tags }),
  fc.record({ is: fc.constant('move' as const), lot, from: place, to: place, units, tags }),
  fc.record({ is: fc.constant('announce' as const), lot, units, epc: fc.constantFrom(...EPCS) }),
  fc.record({ is: fc.constant('despatch' as const), lot, units, tags }),
  fc.record({
    is: fc.constant('cross' as const),
    epc: fc.constantFrom(...EPCS),
    way: fc.constantFrom('in', 'out', 'uncertain'),
    door: fc.constantFrom('gate', 'hall', 'hatch'),
  }),
  fc.record({ is: fc.constant('settle' as const), answer: fc.nat(), units }),
  fc.record({ is: fc.constant('ask' as const), lot, place, units, what: fc.constantFrom('count', 'correct') }),
  fc.record({ is: fc.constant('reverse' as const), back: fc.nat({ max: 30 }) }),
  fc.record({ is: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 30 }) }),
)
type Act = typeof ACT extends fc.Arbitrary<infer Value> ? Value : never

const openTown = (): Site => {
  const site = openSite()
  site.hub.write(STREAM_TO_ALL, 'site', { ...SITE, site: 'baihe' })
  for (const item of ['iodine', 'kit']) site.hub.write(STREAM_TO_ALL, 'item', { ...GAUZE, item, packs: [] })
  site.hub.tell(site.ledger)
  const lots: LotFact[] = LOTS.map((one) => ({ lot: one, printed: lotOf(one)?.lotNumber ?? '', expiry: '2027-08-31', produced: null }))
  site.ledger.book({ action: 'start', act: 'start' }, () => [
    draft('receive', { lots }, { lines: LOTS.map((one) => line(one, `${NODE}/~supplier`, `${NODE}/main/available`, 50)) }),
  ])
  return site
}

/** Does one act; answers the entries it booked, none when it was refused. */
const play = (site: Site, act: Act, number: number): readonly string[] => {
  const { stockroom, ledger, hub } = site
  const action = `act-${String(number).padStart(6, '0')}`
  const named = 'tags' in act && act.tags !== undefined ? { tags: [act.tags] } : {}
  const booked = (answer: ReturnType<typeof stockroom.count>): readonly string[] => (isRefusal(answer) ? [] : answer.entries)
  const tell = () => {
    hub.tell(ledger)
    return []
  }
  switch (act.is) {
    case 'receive': {
      const { item, lotNumber } = lotOf(act.lot) ?? { item: '', lotNumber: '' }
      const request = {
        action,
        item,
        lotNumber,
        expiry: null,
        room: 'main',
        quantity: act.units,
        pack: '',
        doc: act.doc,
        accept: act.accept,
      }
      return booked(stockroom.receive({ ...request, ...named, anotherBox: number % 2 === 0 }, null))
    }
    case 'accept':
      return booked(stockroom.accept({ action, lot: act.lot, room: 'main', units: act.units }, null))
    case 'issue':
      return booked(
        stockroom.issue(
          { action, lot: act.lot, room: 'main', quantity: act.units, pack: '', moreThanBook: act.more, to: act.to, ...named },
          null,
        ),
      )
    case 'count':
      return booked(stockroom.count({ action, place: act.place, lot: act.lot, counted: act.counted }, null))
    case 'transform': {
      const item = act.kit ? 'kit' : (lotOf(act.from[0]?.lot ?? '')?.item ?? '')
      const taken = act.from.reduce((sum, one) => sum + one.units, 0)
      const share = act.kit ? 3 : Math.floor(taken / act.parts)
      const to = Array.from({ length: act.parts }, (_, at) => ({
        ...{ item, lotNumber: `M${at}`, expiry: null },
        units: act.kit || at > 0 ? share : taken - share * (act.parts - 1),
      }))
      return booked(stockroom.transform({ action, act: act.kit ? 'kit' : 'split', room: 'main', from: act.from, to }, null))
    }
    case 'ship': {
      const lines = [{ lot: act.lot, quantity: act.units, pack: '', ...named }]
      return booked(stockroom.ship({ action, to: 'baihe', room: 'main', lines, moreThanBook: act.more }, null))
    }
    case 'scrap':
      return booked(stockroom.scrap({ action, place: act.place, lot: act.lot, units: act.units, reason: 'x', ...named }, null))
    case 'move':
      return booked(stockroom.move({ action, lot: act.lot, from: act.from, to: act.to, units: act.units, ...named }, null))
    case 'announce':
      site.announce(act.epc, act.lot, act.units)
      return []
    case 'despatch': {
      const lines = [{ lot: act.lot, units: act.units, expiry: null, tags: act.tags === undefined ? [] : [act.tags] }]
      hub.write(streamToNode(NODE), 'document', { doc: DOCS[0], type: 'despatch-advice', from: 'baihe', to: NODE, lines, due: null })
      return tell()
    }
    case 'cross':
      return site.cross(act.epc, act.way as 'in', DOORS[act.door as 'gate'])
    case 'settle': {
      const [task] = ledger.read.openTasks()
      const answers = ['in', 'out', 'same', 'none', 'counted', 'book'] as const
      const answer = answers[act.answer % answers.length] ?? 'none'
      return task ? booked(stockroom.settle({ action, task: task.task, answer, units: act.units, reason: 'x' }, null)) : []
    }
    case 'ask': {
      const lines = act.what === 'correct' ? [line(act.lot, act.place, `${NODE}/~adjusted`, act.units)] : []
      hub.write(streamToNode(NODE), 'ask', { what: act.what as 'count', place: act.place, lot: act.lot, lines, reason: 'x' })
      return tell()
    }
    case 'reverse': {
      const moved = ledger.read.movements({ limit: 31 })
      const entry = moved[act.back % moved.length]
      return entry ? booked(stockroom.reverse({ action, entry: entry.id, reason: 'x' }, null)) : []
    }
    case 'wait':
      site.clock.pass(act.minutes * 60_000)
      return []
  }
}

const positions = ({ ledger }: Site) =>
  ledger.read
    .positions()
    .map((row) => `${row.lot} ${row.place} ${row.units}`)
    .toSorted()
const known = ({ ledger }: Site) =>
  EPCS.flatMap((epc) => ledger.read.tag(epc) ?? []).map(({ epc, place: at, units: left }) => `${epc} ${left}@${at}`)

const expectWhole = (site: Site) => {
  const sums = new Map<string, number>()
  for (const { lot: of, place: at, units: here } of site.ledger.read.positions()) {
    sums.set(of, (sums.get(of) ?? 0) + here)
    if (isOwnRoom(site.ledger.read.owns, at)) expect(here, `${of} at ${at}`).toBeGreaterThan(0)
  }
  for (const [of, sum] of sums) expect(sum, of).toBe(0)
}

/** Edges say what the lines say: within one item both sides add up, between items each edge carries the whole of both. */
const expectGenealogy = (entry: Entry) => {
  const { edges } = entry.body as TransformBody
  const alike = new Set(entry.lines.map((one) => lotOf(one.lot)?.item)).size === 1
  for (const { lot: of, to, units: moved } of entry.lines) {
    const parent = to.endsWith('/~transformed')
    const own = edges
      .filter((edge) => (parent ? edge.parent : edge.child) === of)
      .map((edge) => (parent ? edge.parentUnits : edge.childUnits))
    expect(own.length).toBeGreaterThan(0)
    if (alike) expect(own.reduce((sum, one) => sum + one, 0)).toBe(moved)
    else expect(own.every((one) => one === moved)).toBe(true)
  }
}

test('whatever happens in whatever order: lots stay whole, rooms stay real, every act can be undone, and the log says it all', () => {
  const seen = new Map<string, number>()
  fc.assert(
    fc.property(fc.array(fc.tuple(ACT, fc.boolean()), { minLength: 5, maxLength: 40, size: 'max' }), (acts) => {
      const site = openTown()
      for (const [number, [act, undo]] of acts.entries()) {
        const [before, tagged] = [positions(site), known(site)]
        const entries = play(site, act, number)
        expectWhole(site)
        if (entries.length > 0) seen.set(act.is, (seen.get(act.is) ?? 0) + 1)
        const written = entries.flatMap((id) => site.ledger.read.entry(id) ?? [])
        for (const entry of written) if (entry.kind === 'transform') expectGenealogy(entry)
        if (!undo || act.is === 'reverse' || written.every(({ lines }) => lines.length === 0)) continue
        for (const [at, id] of entries.toReversed().entries()) {
          if (site.ledger.read.entry(id)?.lines.length === 0) continue
          const answer = site.stockroom.reverse({ action: `undo-${number}-${at}`, entry: id, reason: 'x' }, null)
          expect(isRefusal(answer) && answer.en).toBe(false)
        }
        expect(positions(site)).toEqual(before)
        for (const tag of tagged) expect(known(site)).toContain(tag)
      }
      expect(site.ledger.rebuild()).toEqual([])
      site.ledger.close()
    }),
    { numRuns: 40, seed: 20261122 },
  )
  // Every act came about, or the run says nothing of it.
  for (const is of ['receive', 'accept', 'issue', 'count', 'transform', 'ship', 'scrap', 'move', 'cross', 'settle', 'reverse']) {
    expect(seen.get(is) ?? 0, is).toBeGreaterThan(0)
  }
})
