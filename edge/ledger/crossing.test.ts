import { mirrorLines } from '@lotkeeper/protocol/ledger/movement.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import type { Door } from '@lotkeeper/protocol/rules/crossing.ts'
import { expect, test } from 'vitest'
import type { Booking, Draft } from './contract.ts'
import { type Crossed, draftsOfCrossing } from './crossing.ts'
import { announce, type Bench, draft, line, NODE, NOON_MS, openBench, openTestHub, type TestHub } from './fixtures/bench.ts'

const LOT = 'gauze/B1'
const GATE: Door = { door: 'gate', node: NODE, inside: 'main', beyond: { node: 'baihe' } }
const WARD: Door = { door: 'ward-door', node: NODE, inside: 'main', beyond: { room: 'ward' } }
const PLACES = {
  transit: `${NODE}/~transit`,
  pending: `${NODE}/main/pending`,
  free: `${NODE}/main/available`,
  ward: `${NODE}/ward/available`,
  used: `${NODE}/~consumed`,
  lost: `${NODE}/~unexplained`,
  sent: 'baihe/~transit',
} as const
type Column = keyof typeof PLACES
const COLUMNS = Object.keys(PLACES) as Column[]
const E1 = '30340000000000000000E001'
const E2 = '30340000000000000000E002'
const TAGS: Readonly<Record<string, string>> = { E1, E2 }

/** One act of a table, in words: `in E1`, `issue 3`, `issue 3 E1`, `accept 10`, `move 10 pending ward`, `reverse 2`. */
const act = (bench: Bench, hub: TestHub, words: string, number: number, booked: Booking[]): void => {
  const [verb = '', second = '', ...rest] = words.split(' ')
  if (verb === 'announce') {
    announce(hub, { epc: TAGS[rest[0] ?? ''] ?? '', lot: LOT, units: Number(second) })
    hub.tell(bench.ledger)
    return
  }
  const answer = bench.ledger.book({ action: `act-${number}`, act: words }, (book) => {
    if (verb === 'in' || verb === 'out') return draftsOfCrossing(book, rest[0] === 'ward' ? WARD : GATE, crossed(verb, second, number))
    if (verb === 'reverse') return [undone(booked[Number(second) - 1])]
    return [moved(verb as 'receive', Number(second), rest)]
  })
  if (isRefusal(answer)) throw new Error(`${words}: ${answer.en}`)
  booked.push(answer)
}

const moved = (kind: 'receive' | 'accept' | 'issue' | 'move', units: number, rest: readonly string[]): Draft => {
  const [from, to] = { receive: ['transit', 'pending'], accept: ['pending', 'free'], issue: ['free', 'used'], move: rest }[kind] as [
    Column,
    Column,
  ]
  const tags = rest.flatMap((name) => TAGS[name] ?? [])
  return draft(kind, {}, { lines: [line(LOT, PLACES[from], PLACES[to], units, tags)] })
}

const undone = (booking: Booking | undefined): Draft => {
  const entry = booking?.entries[0]
  const lines = entry?.entry ? mirrorLines(entry.entry, [0]) : []
  if (!entry || isRefusal(lines)) throw new Error('nothing to reverse')
  return draft('reverse', {}, { reverses: { entry: entry.id, lines: [0] }, lines })
}

const crossed = (direction: 'in' | 'out', tag: string, number: number): Crossed => ({
  direction,
  epc: TAGS[tag] ?? tag,
  atMs: NOON_MS + number * 3_600_000,
  certainty: 0.97,
  algorithm: 'portal/1',
  evidence: {},
  ring: null,
})

const row = (bench: Bench): readonly string[] => [
  ...COLUMNS.map((column) => String(bench.ledger.read.units(LOT, PLACES[column]) || '.')),
  ...Object.values(TAGS).map((epc) => {
    const tag = bench.ledger.read.tag(epc)
    const column = COLUMNS.find((one) => PLACES[one] === tag?.place)
    return tag ? `${tag.units ?? '?'}@${column ?? '-'}` : '.'
  }),
  String(bench.ledger.read.openTasks().length || '.'),
]

const play = (table: string): void => {
  const bench = openBench()
  const hub = openTestHub()
  const booked: Booking[] = []
  const lines = table.trim().split('\n').slice(1)
  const cells = lines.map((text) => text.split('|').map((cell) => cell.trim()))
  const seen = cells.map(([words = ''], at) => {
    act(bench, hub, words, at, booked)
    return [words, ...row(bench)]
  })
  expect(seen).toEqual(cells)
  expect(bench.ledger.rebuild()).toEqual([])
  for (const sum of sums(bench)) expect(sum).toBe(0)
  bench.ledger.close()
}

/** Every lot sums to nothing over all places [ledger-and-sync 1.1]. */
const sums = ({ ledger }: Bench): readonly number[] => {
  const lots = new Map<string, number>()
  for (const { lot, units } of ledger.read.positions()) lots.set(lot, (lots.get(lot) ?? 0) + units)
  return [...lots.values()]
}

test('a box comes in by the door, is accepted, opened and sent on', () => {
  play(`
    what              | transit | pending | free | ward | used | lost | sent | E1     | E2 | tasks
    announce 10 E1    | 10      | .       | .    | .    | .    | .    | .    | 10@-   | .  | .
    in E1             | .       | 10      | .    | .    | .    | .    | .    | 10@pending | . | .
    in E1             | .       | 10      | .    | .    | .    | .    | .    | 10@pending | . | .
    accept 10         | .       | .       | 10   | .    | .    | .    | .    | 10@free | . | .
    issue 3 E1        | .       | .       | 7    | .    | 3    | .    | .    | 7@free | .  | .
    issue 2           | .       | .       | 5    | .    | 5    | .    | .    | 5@free | .  | .
    out E1            | .       | .       | .    | .    | 5    | .    | 5    | 5@sent | .  | .
    in E1             | .       | .       | .    | .    | 5    | .    | 5    | 5@sent | .  | 1`)
})

test('units leave two cartons and nobody says which: both remainders are unknown, and their doors ask', () => {
  play(`
    what              | transit | pending | free | ward | used | lost | sent | E1     | E2     | tasks
    announce 10 E1    | 10      | .       | .    | .    | .    | .    | .    | 10@-   | .      | .
    announce 10 E2    | 20      | .       | .    | .    | .    | .    | .    | 10@-   | 10@-   | .
    in E1             | 10      | 10      | .    | .    | .    | .    | .    | 10@pending | 10@-  | .
    in E2             | .       | 20      | .    | .    | .    | .    | .    | 10@pending | 10@pending | .
    accept 20         | .       | .       | 20   | .    | .    | .    | .    | 10@free | 10@free | .
    issue 3           | .       | .       | 17   | .    | 3    | .    | .    | ?@free | ?@free | .
    out E1            | .       | .       | 17   | .    | 3    | .    | .    | ?@free | ?@free | 1
    issue 17          | .       | .       | .    | .    | 20   | .    | .    | ?@used | ?@used | 1`)
})

test('half of a delivery is accepted: a carton leaves out of both states, and what the book lacks is found first', () => {
  play(`
    what              | transit | pending | free | ward | used | lost | sent | E1     | E2     | tasks
    announce 10 E1    | 10      | .       | .    | .    | .    | .    | .    | 10@-   | .      | .
    announce 10 E2    | 20      | .       | .    | .    | .    | .    | .    | 10@-   | 10@-   | .
    in E1             | 10      | 10      | .    | .    | .    | .    | .    | 10@pending | 10@-  | .
    in E2             | .       | 20      | .    | .    | .    | .    | .    | 10@pending | 10@pending | .
    accept 14         | .       | 6       | 14   | .    | .    | .    | .    | 10@pending | 10@pending | .
    out E1            | .       | .       | 10   | .    | .    | .    | 10   | 10@sent | 10@pending | .
    move 4 free ward  | .       | .       | 6    | 4    | .    | .    | 10   | 10@sent | 6@pending | .
    reverse 5         | .       | .       | 10   | .    | .    | .    | 10   | 10@sent | 10@pending | .`)
})

test('a carton goes to the ward and back, and a reversal puts tag and units where they were', () => {
  play(`
    what              | transit | pending | free | ward | used | lost | sent | E1     | E2 | tasks
    announce 10 E1    | 10      | .       | .    | .    | .    | .    | .    | 10@-   | .  | .
    in E1             | .       | 10      | .    | .    | .    | .    | .    | 10@pending | . | .
    accept 10         | .       | .       | 10   | .    | .    | .    | .    | 10@free | .  | .
    out E1 ward       | .       | .       | .    | 10   | .    | .    | .    | 10@ward | .  | .
    in E1 ward        | .       | .       | 10   | .    | .    | .    | .    | 10@free | .  | .
    issue 4 E1        | .       | .       | 6    | .    | 4    | .    | .    | 6@free | .  | .
    reverse 5         | .       | .       | 10   | .    | .    | .    | .    | 10@free | .  | .
    issue 4           | .       | .       | 6    | .    | 4    | .    | .    | 6@free | .  | .
    reverse 7         | .       | .       | 10   | .    | .    | .    | .    | 10@free | .  | .`)
})

test('a reception undone is announced again', () => {
  play(`
    what              | transit | pending | free | ward | used | lost | sent | E1     | E2 | tasks
    announce 10 E1    | 10      | .       | .    | .    | .    | .    | .    | 10@-   | .  | .
    in E1             | .       | 10      | .    | .    | .    | .    | .    | 10@pending | . | .
    reverse 1         | 10      | .       | .    | .    | .    | .    | .    | 10@-   | .  | .
    in E1             | .       | 10      | .    | .    | .    | .    | .    | 10@pending | . | .
    receive 5         | -5      | 15      | .    | .    | .    | .    | .    | 10@pending | . | .`)
})

test('a scan and a crossing of one box are one movement, and the second box is not the first', () => {
  const bench = openBench()
  const hub = openTestHub()
  announce(hub, { epc: E1, lot: LOT, units: 10 })
  announce(hub, { epc: E2, lot: LOT, units: 10 })
  hub.tell(bench.ledger)
  const receive = draft('receive', {}, { lines: [line(LOT, PLACES.transit, PLACES.pending, 10)] })
  bench.ledger.book({ action: 'scan', act: 'scan' }, () => [receive])
  const soon = (tag: string) => ({ ...crossed('in', tag, 0), atMs: NOON_MS + 60_000 })
  for (const tag of ['E1', 'E2']) bench.ledger.book({ action: tag, act: tag }, (book) => draftsOfCrossing(book, GATE, soon(tag)))
  expect(bench.ledger.read.units(LOT, PLACES.pending)).toBe(20)
  expect(bench.ledger.read.tag(E1)?.place).toBe(PLACES.pending)
  expect(bench.ledger.read.recentReceipts(LOT, NOON_MS).map(({ tags }) => tags)).toEqual([[E2], [E1]])
  expect(bench.ledger.rebuild()).toEqual([])
})

test('a carton takes its units out of whatever states of its room hold them, and what is missing is found first', () => {
  const rows: readonly [free: number, pending: number, held: number, lines: readonly string[]][] = [
    [10, 0, 0, ['available 10']],
    [6, 9, 0, ['available 6', 'pending 4']],
    [0, 3, 9, ['pending 3', 'held 7']],
    [2, 1, 1, ['~unexplained 6', 'available 2', 'pending 1', 'held 1', 'available 6']],
    [-4, 0, 0, ['~unexplained 10', 'available 10']],
  ]
  for (const [free, pending, held, expected] of rows) {
    const units: Readonly<Record<string, number>> = { available: free, pending, held }
    const book = {
      standing: () => ({ lot: LOT, units: 10, site: NODE, place: PLACES.free, doc: null, retired: false }),
      recentReceipts: () => [],
      units: (_lot: string, place: string) => units[place.split('/')[2] ?? ''] ?? 0,
      expected: () => [],
      itemByCode: () => null,
    }
    const [booked] = draftsOfCrossing(book, GATE, crossed('out', 'E1', 0))
    expect(booked?.lines.map((one) => `${one.from.split('/').at(-1)} ${one.units}`)).toEqual(expected)
  }
})
