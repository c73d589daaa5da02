import { describe, expect, test } from 'vitest'
import {
  entryId,
  entryOf,
  isCalendarDate,
  isNodeId,
  isStreamId,
  lotKey,
  lotOf,
  placeOf,
  roomPlace,
  streamOfNode,
  streamToNode,
  transitTo,
  virtualPlace,
  writerOf,
} from './names.ts'

describe('names', () => {
  test.each([
    ['qinglong', true],
    ['town-7', true],
    ['hub', false],
    ['all', false],
    ['7town', false],
    ['A', false],
    ['x', false],
    ['a/b', false],
    ['', false],
  ])('node %s: %s', (text, is) => expect(isNodeId(text)).toBe(is))

  test.each([
    [streamOfNode('qinglong'), true, 'qinglong'],
    [streamToNode('qinglong'), true, 'hub'],
    ['hub>all', true, 'hub'],
    ['hub>*', false, 'hub'],
    ['qinglong>all', false, 'qinglong'],
    ['qinglong>*>x', false, 'qinglong'],
    ['qinglong', false, ''],
  ])('stream %s: %s, written by %s', (text, is, writer) => {
    expect(isStreamId(text)).toBe(is)
    expect(writerOf(text)).toBe(writer)
  })

  test.each([
    [roomPlace('qinglong', 'main', 'pending'), { owner: 'qinglong', room: 'main', state: 'pending', virtual: null }],
    [virtualPlace('hub', 'supplier'), { owner: 'hub', room: null, state: null, virtual: 'supplier' }],
    [transitTo('baisha'), { owner: 'baisha', room: null, state: null, virtual: 'transit' }],
    ['qinglong/main', null],
    ['qinglong/main/elsewhere', null],
    ['qinglong/~nowhere', null],
    ['qinglong/main/pending/x', null],
    ['all/main/pending', null],
  ])('place %s', (text, place) => expect(placeOf(text)).toEqual(place))

  test.each([
    ['as printed', 'B2509', 'gauze/B2509'],
    ['typed in lower case with spaces around', ' b2509 ', 'gauze/B2509'],
    ['full-width letters', 'Ｂ２５０９', 'gauze/B2509'],
    ['inner spaces become one', 'B  25', 'gauze/B 25'],
    ['a slash is part of the number', 'A/1', 'gauze/A/1'],
    ['no lot', null, 'gauze/-'],
    ['blank', '  ', 'gauze/-'],
  ])('lot key: %s', (_story, printed, key) => {
    expect(lotKey('gauze', printed)).toBe(key)
    expect(lotOf(key)).toEqual({ item: 'gauze', lotNumber: key.slice(6) })
  })

  test('what is no lot key', () => {
    expect(['gauze', '/B1', 'gauze/', 'gau ze/B1', 'gauze/b1', `gauze/${'X'.repeat(41)}`].map(lotOf)).toEqual([
      null,
      null,
      null,
      null,
      null,
      null,
    ])
  })

  test('an entry id goes there and back', () => {
    expect(entryOf(entryId('qinglong>*', '0011223344556677', 12))).toEqual({ stream: 'qinglong>*', epoch: '0011223344556677', seq: 12 })
    expect(['qinglong>*/0011223344556677/0', 'qinglong>*/xyz/1', 'qinglong/0011223344556677/1', 'a'].map(entryOf)).toEqual([
      null,
      null,
      null,
      null,
    ])
  })

  test('dates of the calendar', () => {
    expect(['2028-02-29', '2027-02-29', '2027-13-01', '2027-1-1', '2027-04-31'].map(isCalendarDate)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ])
  })
})
