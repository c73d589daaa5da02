import { expect, test } from 'vitest'
import { testParts } from '../../test/parts.ts'
import { brokenRows } from './broken.ts'
import { CHAIN_START, hashesAfter, holeText } from './chain.ts'

const TEXTS = ['{"a":1}', '{"a":2}', '{"a":3}', '{"a":4}', '{"a":5}', '{"a":6}']
const HASHES = hashesAfter(testParts, CHAIN_START, TEXTS)
const ZERO = new Uint8Array(32)

/** Drawn: `o` whole, `t` its text is damaged, `h` its hash, `b` both, `_` a hole. */
const rowsOf = (drawn: string) =>
  [...drawn].map((sign, at) => ({
    seq: at + 1,
    text: sign === '_' ? holeText(HASHES[at] ?? ZERO) : `${TEXTS[at]}${'tb'.includes(sign) ? 'x' : ''}`,
    hash: 'hb'.includes(sign) ? ZERO : (HASHES[at] ?? ZERO),
  }))

test.each([
  ['oooooo', ''],
  ['oo_ooo', ''],
  ['ootooo', 't3'],
  ['oohooo', 'h3'],
  ['ooooot', 't6'],
  ['oooooh', 'h6'],
  ['hotoho', 'h1 t3 h5'],
  ['ttoooo', 't1 t2'],
  // A hash that nothing proves: its text stands for damaged, and what follows hangs on neither.
  ['ooh_oo', 't3'],
  ['oobooo', 't3 t4'],
])('%s', (drawn, found) => {
  const broken = [...brokenRows(testParts, rowsOf(drawn), { previous: CHAIN_START, next: HASHES[5] ?? ZERO })]
  expect(broken.map(({ row, hash }) => `${hash ? 'h' : 't'}${row.seq}`).join(' ')).toBe(found)
  for (const { row, hash } of broken) if (hash) expect(hash).toEqual(HASHES[row.seq - 1])
})

test('the last hash is proved by the row behind it', () => {
  const [behind] = rowsOf('oooooo').slice(5)
  if (!behind) throw new Error('six rows were drawn')
  const found = [...brokenRows(testParts, rowsOf('ooooho').slice(0, 5), { previous: CHAIN_START, next: behind })]
  expect(found).toMatchObject([{ row: { seq: 5 }, hash: HASHES[4] }])
})
