import { expect, it } from 'vitest'
import { destinationsOf } from './destinations.ts'

const room = (id: string, use: string) => ({ room: id, name: { zh: id, en: id }, use })
const ROOMS = [room('main', 'store'), room('cold', 'store'), room('ward', 'department')]

it.each([
  ['aa/main/available', ['hold aa/main/held', 'room aa/cold/available']],
  ['aa/main/pending', ['hold aa/main/held', 'room aa/cold/pending']],
  ['aa/main/held', ['release aa/main/available', 'room aa/cold/held']],
  // Back from a ward to a store.
  ['aa/ward/available', ['hold aa/ward/held', 'room aa/main/available', 'room aa/cold/available']],
  ['aa/~transit', []],
])('from %s', (from, expected) => {
  expect(destinationsOf('aa', from, ROOMS).map((one) => `${one.act} ${one.place}`)).toEqual(expected)
})
