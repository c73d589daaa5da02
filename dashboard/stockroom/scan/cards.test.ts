import type { ScanView } from '@lotkeeper/protocol/api/node.ts'
import type { ItemView } from '@lotkeeper/protocol/api/views.ts'
import { describe, expect, it } from 'vitest'
import { type Card, changeCard, partPair, takeScan } from './cards.ts'

const item = (id: string): ItemView => ({
  item: id,
  version: 1,
  name: { zh: id, en: id },
  model: '',
  unit: { zh: '片', en: 'piece' },
  packs: [],
  nearDays: [],
})
const view = (scan: string, change: Partial<ScanView> = {}): ScanView => ({
  scan,
  at: '2026-11-22T03:00:00.000Z',
  scanner: null,
  refused: null,
  rows: [],
  item: item('gauze'),
  pack: '盒',
  packUnits: 100,
  lot: 'gauze/B1',
  lotNumber: 'B1',
  expiry: '2027-01-31',
  expiryState: 'near',
  serial: null,
  epc: null,
  expected: 0,
  stock: [],
  ...change,
})
const NOTHING = { item: null, pack: null, packUnits: null, lot: null, lotNumber: null, expiry: null } as const

/** Scans one after another; tells the step of each and the cards that stand at the end, as `lot x quantity`. */
const scanned = (...views: readonly ScanView[]) => {
  let cards: readonly Card[] = []
  const steps = views.map((one, index) => {
    const taken = takeScan(cards, one, `card-${index}`)
    cards = taken.cards
    return taken.step
  })
  return { steps, cards: cards.map((card) => `${card.lotNumber} x${card.quantity}`) }
}

describe('scans become cards', () => {
  it('the same box type again is one more', () => {
    expect(scanned(view('A'), view('A'), view('A'))).toEqual({ steps: ['new', 'more', 'more'], cards: ['B1 x3'] })
  })
  it('the same serial number is the same box, another one is another box', () => {
    const box = (serial: string) => view(`A21${serial}`, { serial })
    expect(scanned(box('1'), box('1'), box('2'), box('1'))).toEqual({ steps: ['new', 'again', 'more', 'again'], cards: ['B1 x2'] })
  })
  it('another lot or another pack is another card, the newest on top', () => {
    const other = view('B', { lot: 'gauze/B2', lotNumber: 'B2' })
    const carton = view('C', { pack: '箱', lotNumber: 'B1' })
    expect(scanned(view('A'), other, carton, view('A'))).toEqual({
      steps: ['new', 'new', 'new', 'more'],
      cards: ['B1 x2', 'B1 x1', 'B2 x1'],
    })
  })
  describe('two codes of one label, which the node has joined, are one pack', () => {
    const first = view('EAN', { lot: null, lotNumber: null, expiry: null })
    const second = view('10B717', { ...NOTHING, lotNumber: 'B7', expiry: '2028-02-29' })
    const pair = { pair: '1', state: 'joined' as const, wants: null, leftMs: 0, windowMs: 10_000, differs: [] }
    const both = (symbols: string[], change: Partial<ScanView> = {}) =>
      view(symbols.join('\n'), { lot: 'gauze/B7', lotNumber: 'B7', expiry: '2028-02-29', pair: { ...pair, symbols }, ...change })
    it('whichever came first', () => {
      expect(scanned(first, both(['EAN', '10B717']))).toEqual({ steps: ['new', 'joined'], cards: ['B7 x1'] })
      expect(scanned(second, both(['10B717', 'EAN']))).toEqual({ steps: ['unknown', 'joined'], cards: ['B7 x1'] })
    })
    it('a page joins nothing by itself', () => {
      expect(scanned(first, second)).toEqual({ steps: ['new', 'unknown'], cards: ['null x1'] })
    })
    it('of several packs under one code only that one gets the lot, and a second label of the lot is one more', () => {
      expect(scanned(first, first, both(['EAN', '10B717']))).toEqual({ steps: ['new', 'more', 'joined'], cards: ['B7 x1', 'null x1'] })
      expect(scanned(first, both(['EAN', '10B717']), first, both(['EAN', '10B717']))).toEqual({
        steps: ['new', 'joined', 'new', 'joined'],
        cards: ['B7 x2'],
      })
    })
    it('the same serial number again is the same box', () => {
      const serial = { serial: 'S7' }
      expect(scanned(first, both(['EAN', 'S7'], serial), first, both(['EAN', 'S7'], serial)).steps).toEqual([
        'new',
        'joined',
        'new',
        'again',
      ])
    })
    it('taken apart, each stands for itself', () => {
      const { cards } = takeScan(takeScan([], first, 'a').cards, both(['EAN', '10B717']), 'b')
      const apart = partPair(cards, { pair: both(['EAN', '10B717']), rows: [first, second] }, 'c')
      expect([apart.cards.map(({ id, lotNumber, quantity }) => [id, lotNumber, quantity]), apart.unknown?.scan]).toEqual([
        [['c', null, 1]],
        '10B717',
      ])
    })
  })
  it('an unknown code changes nothing', () => {
    const unknown = view('???', { ...NOTHING, refused: { code: 'codes.unreadable', zh: '认不出', en: 'unreadable' } })
    expect(scanned(view('A'), unknown)).toEqual({ steps: ['new', 'unknown'], cards: ['B1 x1'] })
  })
  it('codes without a lot are told apart by their text', () => {
    const plain = (text: string) => view(text, { lot: null, lotNumber: null, expiry: null })
    expect(scanned(plain('690'), plain('690')).steps).toEqual(['new', 'more'])
    expect(scanned(plain('690'), plain('691')).steps).toEqual(['new', 'new'])
  })
  it('changes one card and leaves the others', () => {
    const { cards } = takeScan(takeScan([], view('A'), 'a').cards, view('B', { lot: 'gauze/B2', lotNumber: 'B2' }), 'b')
    expect(changeCard(cards, 'a', { quantity: 9 }).map((card) => [card.id, card.quantity])).toEqual([
      ['b', 1],
      ['a', 9],
    ])
  })
})
