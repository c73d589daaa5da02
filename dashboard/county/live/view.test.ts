import { describe, expect, it } from 'vitest'
import { delta, discrepancy, movement, site, snapshot, stock } from './fixtures.ts'
import { applyDelta, applyPoll, applySnapshot, type CountyView, EMPTY_VIEW, MOVEMENTS_MAX, movementKey, withChanges } from './view.ts'

const applied = (view: CountyView, ...deltas: ReturnType<typeof delta>[]): CountyView =>
  deltas.reduce((now, one) => {
    const step = applyDelta(now, one)
    if (step.is !== 'applied') throw new Error(`a ${step.is} where a change was due`)
    return step.view
  }, view)
const entriesOf = (view: CountyView): number[] => view.movements.map((row) => Number(row.entry.split('/').at(-1)))

describe('the live view', () => {
  it.each([
    ['the next one', 10, 'applied'],
    ['one that overlaps', 9, 'repeat'],
    ['one told again', 4, 'repeat'],
    ['one too far', 11, 'gap'],
  ])('takes %s', (_what, after, is) => {
    expect(applyDelta(applySnapshot(snapshot(10)), delta(after)).is).toBe(is)
  })
  it('sees a hub of another epoch, and knows nothing before its first snapshot', () => {
    expect(applyDelta(applySnapshot(snapshot(10)), { ...delta(10), after: { epoch: 'ffffffffffffffff', seq: 10 } }).is).toBe('gap')
    expect(applyDelta(EMPTY_VIEW, delta(0)).is).toBe('gap')
  })
  it('takes a delta that covers more than one step', () => {
    const wide = { ...delta(8), cursor: { ...delta(8).cursor, seq: 12 } }
    expect(applied(applySnapshot(snapshot(10)), wide).cursor?.seq).toBe(12)
  })
  it('puts absolute values in place: told twice is told once', () => {
    const start = applySnapshot(snapshot(10, { sites: [site('qinglong'), site('baisha')] }))
    const change = {
      sites: [site('qinglong', { units: 98 })],
      stock: [stock('qinglong/main/available', 'gauze/B1', 98)],
      movements: [movement(7)],
    }
    const once = applied(start, delta(10, change))
    const twice = applied(once, delta(11, change))
    expect(once.sites.get('qinglong')?.units).toBe(98)
    expect(once.sites.get('baisha')?.units).toBe(100)
    expect({ ...twice, cursor: null }).toEqual({ ...once, cursor: null })
  })
  it('keeps movements newest first by when the hub learnt of them, and no more than it shows', () => {
    const late = movement(1, { occurredAt: '2026-10-01T00:00:00.000Z', receivedAt: '2026-11-22T03:00:59.000Z' })
    const view = applied(
      applySnapshot(snapshot(10, { movements: [movement(5), movement(6)] })),
      delta(10, { movements: [movement(8), movement(7)] }),
      delta(11, { movements: [late] }),
    )
    expect(entriesOf(view)).toEqual([1, 8, 7, 6, 5])
    const many = Array.from({ length: MOVEMENTS_MAX + 40 }, (_, seq) => movement(seq + 100))
    expect(applied(view, delta(12, { movements: many })).movements.length).toBe(MOVEMENTS_MAX)
  })
  it('replaces a movement where it stands when more is known of it', () => {
    const view = applySnapshot(snapshot(10, { movements: [movement(5), movement(6), movement(7)] }))
    const next = applied(view, delta(10, { movements: [movement(6, { reversedBy: 'qinglong>*/00112233445566aa/9' })] }))
    expect(entriesOf(next)).toEqual([7, 6, 5])
    expect(next.movements[1]?.reversedBy).not.toBe(null)
  })
  it('keeps both lines of an entry', () => {
    const view = applied(applySnapshot(snapshot(10)), delta(10, { movements: [movement(5), movement(5, { line: 1 })] }))
    expect(view.movements.map(movementKey).length).toBe(2)
  })
  it('forgets changed stock at a snapshot, for lists are read anew then', () => {
    const view = applied(applySnapshot(snapshot(10)), delta(10, { stock: [stock('qinglong/main/available', 'gauze/B1', 5)] }))
    expect(view.stock.size).toBe(1)
    expect(applySnapshot(snapshot(20)).stock.size).toBe(0)
  })
  it('closes a discrepancy in place', () => {
    const view = applied(
      applySnapshot(snapshot(10, { discrepancies: [discrepancy('d1')], openDiscrepancies: 1 })),
      delta(10, { discrepancies: [discrepancy('d1', { closedAt: '2026-11-22T04:00:00.000Z' })], openDiscrepancies: 0 }),
    )
    expect([view.openDiscrepancies, view.discrepancies.get('d1')?.closedAt]).toEqual([0, '2026-11-22T04:00:00.000Z'])
  })
  it('takes a poll without moving its cursor, so that a later join still finds what came between', () => {
    const view = applyPoll(applySnapshot(snapshot(10)), {
      sites: [site('qinglong', { units: 7 })],
      openDiscrepancies: 3,
      movements: [movement(9)],
    })
    expect([view.cursor?.seq, view.sites.get('qinglong')?.units, view.openDiscrepancies, entriesOf(view)]).toEqual([10, 7, 3, [9]])
  })
})

describe('a list read earlier', () => {
  const rows = [stock('qinglong/main/available', 'gauze/B1', 10), stock('qinglong/main/available', 'gauze/B2', 20)]
  const changes = new Map(
    [
      stock('qinglong/main/available', 'gauze/B1', 4),
      stock('qinglong/main/available', 'gauze/B2', 0),
      stock('qinglong/main/pending', 'gauze/B3', 9),
    ].map((row) => [`${row.place}\n${row.lot}`, row]),
  )
  it('follows changed rows, loses what left, and counts what is new without moving anything', () => {
    const now = withChanges(rows, changes, () => true)
    expect(now.rows.map(({ lot, units }) => [lot, units])).toEqual([['gauze/B1', 4]])
    expect(now.fresh).toBe(1)
  })
  it('counts only what belongs to the list', () => expect(withChanges(rows, changes, () => false).fresh).toBe(0))
  it('is left alone when nothing changed', () => expect(withChanges(rows, new Map(), () => true).rows).toBe(rows))
})
