import { expect, test } from 'vitest'
import { placeOfScan, type Way } from './ways.ts'

test.each([
  ['replace', null, 'old'],
  ['replace', 'A', 'new'],
  ['first', null, 'new'],
  ['retire', null, 'old'],
  ['retire', 'A', 'old'],
] as const)('%s with old %s: the scan is the %s one', (way, old, place) => expect(placeOfScan(way as Way, old)).toBe(place))
