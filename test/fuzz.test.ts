import { expect, test } from 'vitest'
import { fuzz } from './fuzz/fuzz.ts'
import { untruthOf } from './fuzz/truths.ts'

test('random and damaged codes neither crash nor hang, and none passes with a wrong check digit', () => {
  const { read, refused, breaches, slowest } = fuzz(1, 0, 40_000)
  expect(breaches).toEqual([])
  expect(slowest.ms).toBeLessThan(2_000)
  // Both ways are met often enough to mean something.
  expect(read).toBeGreaterThan(8_000)
  expect(refused.size).toBeGreaterThan(25)
})

test.each([
  [{ kind: 'scan' }, { elements: [['01', '06901234567893']] }],
  [{ kind: 'epc' }, { elementString: '(00)106141412345678907' }],
  [{ kind: 'bracketed' }, { elements: [['8013', '1987654Ad4X4bL5ttr2310c3K']] }],
  [{ kind: 'udi', input: '+H123ABC01234567890/$$3280831LOT7AA' }, { system: 'HIBC' }],
])('what is untrue is found: %j %j', (request, answer) => {
  expect(untruthOf(request, answer)).not.toBeNull()
})

test.each([
  [
    { kind: 'scan' },
    {
      elements: [
        ['01', '06901234567892'],
        ['10', 'A(1'],
      ],
    },
  ],
  [{ kind: 'bracketed' }, { elements: [['8013', '1987654Ad4X4bL5ttr2310c2K']] }],
  [{ kind: 'udi', input: '+H123ABC01234567890/$$3280831LOT7AW' }, { system: 'HIBC' }],
])('what is true is not: %j %j', (request, answer) => {
  expect(untruthOf(request, answer)).toBeNull()
})
