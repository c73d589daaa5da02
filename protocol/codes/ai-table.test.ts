import { describe, expect, it, test } from 'vitest'
import { matchesAi } from './ai-spec.ts'
import { AI_ROWS } from './ai-table.ts'
import { AIS, aiAt } from './ais.ts'

const all = [...AIS.values()]

describe('the table of application identifiers', () => {
  test('is whole: every line of the dictionary, every AI of its ranges, once', () => {
    expect(AI_ROWS).toHaveLength(224)
    expect(all).toHaveLength(541)
    expect(AI_ROWS.map(([ai]) => ai)).toEqual(AI_ROWS.map(([ai]) => ai).toSorted())
  })
  test('speaks Chinese and English', () => {
    for (const { ai, zh, en } of all) expect([ai, zh.length > 1, /^[\w ,().0-9/-]+$/.test(en)]).toEqual([ai, true, true])
    expect(all.filter(({ zh }) => !/[\u4e00-\u9fff]/.test(zh)).map(({ ai }) => ai)).toEqual([])
  })
  test('names only AIs that exist', () => {
    const patterns = all.flatMap(({ requires, excludes, qualifiers }) => [...requires.flat(), ...excludes, ...(qualifiers?.flat() ?? [])])
    expect([...new Set(patterns)].filter((pattern) => !all.some(({ ai }) => matchesAi(pattern, ai)))).toEqual([])
  })
  test('tells the length of an AI by its first two digits', () => {
    const lengths = new Map(all.map(({ ai }) => [ai.slice(0, 2), ai.length]))
    expect(all.filter(({ ai }) => lengths.get(ai.slice(0, 2)) !== ai.length)).toEqual([])
  })
  test('ends by itself where the General Specifications say so, and nowhere else', () => {
    const beginnings = new Set(all.filter(({ predefined }) => predefined).map(({ ai }) => ai.slice(0, 2)))
    expect([...beginnings].toSorted().join(' ')).toBe('00 01 02 03 11 12 13 15 16 17 20 31 32 33 34 35 36 41')
    expect(all.filter(({ predefined, lengthMin, lengthMax }) => predefined && lengthMin !== lengthMax)).toEqual([])
  })
  test('has the keys of a Digital Link', () => {
    const keys = all.filter(({ qualifiers }) => qualifiers !== null).map(({ ai }) => ai)
    expect(keys.join(' ')).toBe('00 01 253 255 401 402 414 415 417 8003 8004 8006 8010 8013 8017 8018')
    expect(AIS.get('01')?.qualifiers).toEqual([['22', '10', '21'], ['235']])
    expect(AIS.get('00')?.qualifiers).toEqual([[]])
  })
  it.each([
    ['01069012345678', '01'],
    ['23569', '235'],
    ['3103001250', '3103'],
    ['8200x', '8200'],
    ['3106001250', undefined],
    ['04123', undefined],
    ['8', undefined],
    ['80', undefined],
    ['80X8', undefined],
    ['X1', undefined],
    ['', undefined],
    ['\uff10\uff11069', undefined],
  ])('%s begins with %s', (text, ai) => expect(aiAt(text, 0)?.ai).toBe(ai))
})
