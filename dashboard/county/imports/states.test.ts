import { describe, expect, it } from 'vitest'
import { recordHref, sentenceOf, stateOf, toWriteOf } from './states.ts'

const outcomes = { new: 0, changed: 0, same: 0, choice: 0, error: 0 }
const one = {
  ...{ import: 1, kind: 'items' as const, name: 'x.csv', sha256: '', state: 'ready' as const, done: 0, rows: 9, outcomes, written: 0 },
  ...{ ignored: [], why: null, actor: 'county', startedAt: '2026-11-22T03:24:00.000Z', endedAt: null },
}
const full = { code: 'ledger.disk-full', zh: '', en: '' }

describe('how an import stands', () => {
  it.each([
    [{ outcomes: { ...outcomes, new: 1 } }, 'ready', 'ready'],
    [{ outcomes: { ...outcomes, same: 1 } }, 'ready', 'same'],
    [{ outcomes: { ...outcomes, error: 1 } }, 'ready', 'nothing'],
    [{ outcomes: { ...outcomes, new: 5 }, written: 2 }, 'half', 'half'],
    [{ outcomes: { ...outcomes, new: 5 }, written: 2, why: full }, 'half', 'full'],
    [{ state: 'failed' as const, why: full }, 'failed', 'full-read'],
    [{ state: 'failed' as const, why: { ...full, code: 'imports.file-empty' } }, 'failed', 'failed'],
    [{ state: 'done' as const, written: 3 }, 'done', 'done'],
    [{ state: 'done' as const }, 'done', 'done-none'],
    [{ kind: 'openings' as const, state: 'done' as const, written: 3 }, 'done', 'told'],
    [{ state: 'done' as const, written: 3, why: full }, 'done', 'full-undo'],
    [{ state: 'undoing' as const }, 'undoing', 'undoing'],
  ] as const)('%o: %s, %s', (more, state, sentence) => {
    expect([stateOf({ ...one, ...more }), sentenceOf({ ...one, ...more })]).toEqual([state, sentence])
  })
  it('what was written already is not written again', () => {
    expect(toWriteOf({ outcomes: { ...outcomes, new: 3, changed: 4 }, written: 2 })).toBe(5)
  })
  it('leads to the records that have a page', () => {
    expect(['items', 'parties', 'certificates', 'openings', 'x'].map((kind) => recordHref(kind, 'x'))).toEqual([
      ...['#/items?item=x', '#/parties?id=x', '#/certificates?id=x', '#/items?item=x', null],
    ])
  })
})
