import { describe, expect, test } from 'vitest'
import { type Door, planCrossing, type RecentReceipt, SAME_BOX_MS, type TagStanding } from './crossing.ts'

const EPC = '30699B587B8716400012D687'
const door: Door = { door: 'd1', node: 'qinglong', inside: 'main', beyond: { room: 'clinic' } }
const tag = (over: Partial<TagStanding> = {}): TagStanding => ({
  lot: 'gauze/B1',
  units: 20,
  site: 'qinglong',
  place: null,
  doc: 'ASN-1',
  retired: false,
  ...over,
})
const receipt = (over: Partial<RecentReceipt> = {}): RecentReceipt => ({
  entry: 'qinglong>*/1111111111111111/7',
  lot: 'gauze/B1',
  units: 20,
  doc: 'ASN-1',
  tags: [],
  atMs: 0,
  ...over,
})
const drawn = (
  direction: 'in' | 'out' | 'uncertain',
  standing: TagStanding | null,
  receipts: RecentReceipt[] = [],
  at: Door = door,
  atMs = 1000,
) => {
  const plan = planCrossing(at, { direction, epc: EPC, atMs }, standing, receipts)
  return plan.is === 'book'
    ? `${plan.kind} ${plan.units}: ${plan.from} -> ${plan.to}`
    : `${plan.outcome}${plan.confirms ? ' confirms' : ''}`
}

describe('what a crossing books', () => {
  test.each([
    ['an announced tag comes in', 'in', tag(), 'receive 20: qinglong/~transit -> qinglong/main/pending'],
    ['a retired tag comes in', 'in', tag({ retired: true }), 'retired-tag'],
    ['a retired tag goes out', 'out', tag({ retired: true, place: 'qinglong/main/available' }), 'retired-tag'],
    ['a retired tag somewhere in the door', 'uncertain', tag({ retired: true }), 'retired-tag'],
    ['a tag booked inside comes in again', 'in', tag({ place: 'qinglong/main/available' }), 'confirmed'],
    [
      'a tag comes back from the room beyond',
      'in',
      tag({ place: 'qinglong/clinic/available' }),
      'move 20: qinglong/clinic/available -> qinglong/main/available',
    ],
    [
      'an uninspected tag stays uninspected by walking',
      'out',
      tag({ place: 'qinglong/main/pending' }),
      'move 20: qinglong/main/pending -> qinglong/clinic/pending',
    ],
    ['a tag booked in a third room comes in', 'in', tag({ place: 'qinglong/lab/available' }), 'other-room'],
    ['a tag announced elsewhere comes in', 'in', tag({ site: 'baisha' }), 'not-announced'],
    ['a tag nobody knows', 'in', null, 'unknown-tag'],
    ['nobody saw which way', 'uncertain', tag(), 'uncertain'],
    ['a tag goes out', 'out', tag({ place: 'qinglong/main/available' }), 'move 20: qinglong/main/available -> qinglong/clinic/available'],
    ['a tag already beyond goes out', 'out', tag({ place: 'qinglong/clinic/available' }), 'confirmed'],
    ['a tag that is not on the books goes out', 'out', tag(), 'not-here'],
    ['an opened pack goes out', 'out', tag({ place: 'qinglong/main/available', units: null }), 'remainder-unknown'],
    ['an opened pack comes back', 'in', tag({ place: 'qinglong/clinic/available', units: null }), 'remainder-unknown'],
  ] as const)('%s', (_story, direction, standing, booked) => {
    expect(drawn(direction, standing)).toBe(booked)
  })

  test('a door to another node ships; a door to nowhere asks', () => {
    const here = tag({ place: 'qinglong/main/available' })
    expect(drawn('out', here, [], { ...door, beyond: { node: 'baisha' } })).toBe('ship 20: qinglong/main/available -> baisha/~transit')
    expect(drawn('out', here, [], { ...door, beyond: null })).toBe('no-way-out')
  })

  test.each([
    ['the very tag was scanned', [receipt({ tags: [EPC], units: 5, doc: null })], 'confirmed confirms'],
    ['one receipt of this lot, document and size', [receipt()], 'confirmed confirms'],
    ['another document: ask', [receipt({ doc: 'ASN-2' })], 'same-box'],
    ['another size: ask', [receipt({ units: 10 })], 'same-box'],
    ['two candidates: ask', [receipt(), receipt({ entry: 'qinglong>*/1111111111111111/8' })], 'same-box'],
    ['another lot: its own box', [receipt({ lot: 'gauze/B2' })], 'receive 20: qinglong/~transit -> qinglong/main/pending'],
    [
      'another tag was scanned: its own box',
      [receipt({ tags: ['30699B587B8716400012D688'] })],
      'receive 20: qinglong/~transit -> qinglong/main/pending',
    ],
    ['too long ago: its own box', [receipt({ atMs: -SAME_BOX_MS })], 'receive 20: qinglong/~transit -> qinglong/main/pending'],
  ])('a scan came before the crossing: %s', (_story, receipts, booked) => {
    expect(drawn('in', tag(), receipts)).toBe(booked)
  })
})
