import { expect, test } from 'vitest'
import { placedPieces, signsIn } from './placed.ts'

const PIECES = ['01', '06901234567892', '10', 'B1'].map((text, at) => ({
  text,
  is: at % 2 === 0 ? ('name' as const) : ('value' as const),
  part: at >> 1,
}))
const shown = (length: number) => placedPieces(PIECES, length).map(({ from, text }) => `${from} ${text}`)

test('pieces stand where they begin, and end where nobody reads on', () => {
  expect(shown(99)).toEqual(['0 01', '2 06901234567892', '16 10', '18 B1'])
  expect(shown(16)).toEqual(['0 01', '2 06901234567892'])
  expect(shown(5)).toEqual(['0 01', '2 069…'])
  expect(shown(0)).toEqual([])
})

test('control characters are told by name', () => {
  const named = (text: string) => signsIn(text).map((one) => one.name ?? one.text)
  expect(named('10B1␝21S7␞␡')).toEqual(['10B1', 'GS', '21S7', 'RS', 'DEL'])
  expect(named('␝')).toEqual(['GS'])
  expect(named('')).toEqual([])
})
