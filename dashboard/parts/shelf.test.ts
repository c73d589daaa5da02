import { describe, expect, it } from 'vitest'
import { type Answer, TROUBLES } from './door.ts'
import { openShelf } from './shelf.ts'

/** A shelf with timers that are run by hand, and a question answered by hand. */
const openAll = () => {
  const later: { ms: number; run: () => void }[] = []
  const shelf = openShelf({
    after: (ms, run) => {
      const one = { ms, run }
      later.push(one)
      return () => void (later.includes(one) && later.splice(later.indexOf(one), 1))
    },
  })
  const asked: ((answer: Answer<string>) => void)[] = []
  const run = () => new Promise<Answer<string>>((answer) => asked.push(answer))
  const answer = async (given: Answer<string>): Promise<void> => {
    asked.shift()?.(given)
    await new Promise((settled) => setTimeout(settled))
  }
  return { shelf, later, asked, run, answer }
}
const ok = (value: string): Answer<string> => ({ ok: true, value })
const LOST: Answer<string> = { ok: false, trouble: TROUBLES.unreachable }
const REFUSED: Answer<string> = { ok: false, trouble: { code: 'x.no', status: 409, zh: '不', en: 'no', facts: {} } }

describe('the shelf of answers', () => {
  it('asks once for all who look, and tells them', async () => {
    const { shelf, asked, run, answer } = openAll()
    let told = 0
    for (const _one of [1, 2]) shelf.look('stock {}', run, () => (told += 1))
    expect(asked.length).toBe(1)
    await answer(ok('rows'))
    expect(shelf.peek('stock {}')).toEqual({ value: 'rows', trouble: null, asking: false })
    expect(told).toBeGreaterThanOrEqual(2)
  })
  it('keeps the last good answer while nobody answers, and asks again by itself, ever slower', async () => {
    const { shelf, later, run, answer } = openAll()
    shelf.look('stock {}', run, () => undefined)
    await answer(ok('rows'))
    shelf.renew('stock ')
    await answer(LOST)
    expect(shelf.peek('stock {}')).toEqual({ value: 'rows', trouble: TROUBLES.unreachable, asking: false })
    const waits: number[] = []
    for (let round = 0; round < 6; round += 1) {
      const next = later.shift()
      waits.push(next?.ms ?? 0)
      next?.run()
      await answer(LOST)
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000])
    later.shift()?.run()
    await answer(ok('new rows'))
    expect(shelf.peek('stock {}')).toEqual({ value: 'new rows', trouble: null, asking: false })
    expect(later).toEqual([])
  })
  it('does not repeat what was refused', async () => {
    const { shelf, later, run, answer } = openAll()
    shelf.look('lot {}', run, () => undefined)
    await answer(REFUSED)
    expect(shelf.peek('lot {}').trouble?.code).toBe('x.no')
    expect(later).toEqual([])
  })
  it('asks once more when it was renewed while asking: the answer under way may be old already', async () => {
    const { shelf, asked, run, answer } = openAll()
    shelf.look('tasks {}', run, () => undefined)
    shelf.renew('tasks ')
    await answer(ok('old'))
    expect(asked.length).toBe(1)
    await answer(ok('new'))
    expect(shelf.peek('tasks {}').value).toBe('new')
  })
  it('renews only what is named, and forgets what nobody looks at', async () => {
    const { shelf, asked, run, answer } = openAll()
    const leave = shelf.look('stock {}', run, () => undefined)
    await answer(ok('rows'))
    shelf.renew('tasks ')
    expect(asked.length).toBe(0)
    leave()
    shelf.renew('stock ')
    expect(asked.length).toBe(0)
    expect(shelf.peek('stock {}').value).toBe(undefined)
  })
})
