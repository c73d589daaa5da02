import { describe, expect, it } from 'vitest'
import { type Checked, swappedOf } from './swapped.ts'

interface Layout {
  readonly tags?: number
  readonly everyMs?: number
}

/** A letter is a passage a minute after the last: + agrees with the books, - contradicts them; tags in turns. */
const checkedOf = (strip: string, { tags = 4, everyMs = 60_000 }: Layout = {}): readonly Checked[] =>
  [...strip].map((letter, at) => ({
    passage: { epc: `E${at % tags}`, at: at * everyMs, certainty: 1, direction: at % 2 === 0 ? 'in' : 'out' },
    books: (at % 2 === 0) === (letter === '+') ? 'in' : 'out',
  }))

describe('a door whose antennas hang the wrong way round', () => {
  it.each<[string, Layout, number | null, string]>([
    ['-----', {}, 5, 'five in a row'],
    ['++++-----', {}, 5, 'after a repair that swapped the cables'],
    ['+-+-----', {}, 5, 'the last one that was right clears what went before'],
    ['----', {}, null, 'four may be chance'],
    ['-----+', {}, null, 'one that agrees clears the door'],
    ['+++++', {}, null, 'all is well'],
    ['', {}, null, 'nothing crossed yet'],
    ['--------', { tags: 2 }, null, 'two tags only: their books may be wrong'],
    ['--------', { everyMs: 300 }, null, 'one cart only: its papers may be wrong'],
  ])('%s %o: %s (%s)', (strip, options, wanted) => {
    expect(swappedOf(checkedOf(strip, options))?.passages ?? null).toBe(wanted)
  })
  it('is said with its evidence', () => {
    expect(swappedOf(checkedOf('++-----'))).toEqual({ passages: 5, tags: 4, moments: 5, fromMs: 120_000, toMs: 360_000 })
  })
})
