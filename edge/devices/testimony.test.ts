import { SAME_BOX_MS, type TagStanding } from '@lotkeeper/protocol/rules/crossing.ts'
import { expect, test } from 'vitest'
import { draft, line, openBench } from '../ledger/fixtures/bench.ts'
import { type TestimonyBook, testimonyOf } from './testimony.ts'

const DOOR = { door: 'd', node: 'qinglong', inside: 'main', beyond: { room: 'clinic' } }
const NOW = 1_800_000_000_000
const ANNOUNCED: TagStanding = { lot: 'gauze/B1', units: 10, site: 'qinglong', place: null, doc: null, retired: false }
const at = (place: string): TagStanding => ({ ...ANNOUNCED, place })
type Movement = ReturnType<TestimonyBook['movements']>[number]
/** A movement of the lot, by hand or by a door, so long ago. */
const moved = (hoursAgo: number, tags: readonly string[], body: Record<string, unknown> = {}): Movement => {
  const { ledger } = openBench()
  const lines = [{ ...line('gauze/B1', 'qinglong/~transit', 'qinglong/main/pending', 10), tags: [...tags] }]
  ledger.book({ action: 'in', act: 'in' }, () => [draft('receive', {}, { lines })])
  const [one] = ledger.read.movements({ limit: 1 })
  ledger.close()
  if (!one) throw new Error('nothing was booked')
  return { ...one, entry: { ...one.entry, body, occurredAt: new Date(NOW - hoursAgo * 3_600_000).toISOString() } }
}

test.each([
  ['an announced box comes in', 'in', ANNOUNCED, [], 'agrees'],
  ['an announced box that never came goes out', 'out', ANNOUNCED, [], 'contradicts'],
  ['so it does, with packs of its lot booked by hand today', 'out', ANNOUNCED, [moved(2, [])], 'nothing'],
  ['another pack of its lot was booked by hand', 'out', ANNOUNCED, [moved(2, ['FFFF'])], 'contradicts'],
  ['what stands inside comes in', 'in', at('qinglong/main/available'), [], 'contradicts'],
  ['it was scanned in at the table this morning', 'in', at('qinglong/main/available'), [moved(3, ['AAAA'])], 'nothing'],
  ['it was scanned in yesterday', 'in', at('qinglong/main/available'), [moved(30, ['AAAA'])], 'contradicts'],
  ['the door itself let it in', 'in', at('qinglong/main/available'), [moved(3, ['AAAA'], { passage: {} })], 'contradicts'],
  ['what stands inside goes out', 'out', at('qinglong/main/available'), [], 'agrees'],
  ['what stands beyond goes out', 'out', at('qinglong/clinic/available'), [], 'contradicts'],
  ['what stands beyond comes in', 'in', at('qinglong/clinic/available'), [], 'agrees'],
  ['what was used goes out', 'out', at('qinglong/~consumed'), [], 'nothing'],
  ['a box of another site', 'out', { ...ANNOUNCED, site: 'baisha' }, [], 'nothing'],
  ['nobody knows the way', 'uncertain', ANNOUNCED, [], 'nothing'],
  ['nobody knows the tag', 'out', null, [], 'nothing'],
  ['a retired tag', 'out', { ...ANNOUNCED, retired: true }, [], 'nothing'],
] as const)('%s', (_name, direction, standing, movements, says) => {
  const book: TestimonyBook = { standing: () => standing, recentReceipts: () => [], movements: () => movements }
  expect(testimonyOf(book, DOOR, { direction, epc: 'AAAA', atMs: NOW })).toBe(says)
})

test('a receipt by scan of the very box agrees with nobody', () => {
  const receipt = { entry: 'e', lot: 'gauze/B1', units: 10, doc: null, tags: ['AAAA'], atMs: NOW - SAME_BOX_MS / 2 }
  const book: TestimonyBook = { standing: () => ANNOUNCED, recentReceipts: () => [receipt], movements: () => [] }
  expect(testimonyOf(book, DOOR, { direction: 'in', epc: 'AAAA', atMs: NOW })).toBe('nothing')
})
