import { expect, it } from 'vitest'
import { aboutOf } from './about.ts'

it.each([
  ['gauze/B1', { lot: 'gauze/B1', place: null }],
  ['gauze/B 1 X', { lot: 'gauze/B 1 X', place: null }],
  ['aa/main/available gauze/B 1', { lot: 'gauze/B 1', place: 'aa/main/available' }],
  // Nobody can count what is on its way.
  ['aa/~transit ASN-1 gauze/B1', { lot: 'gauze/B1', place: null }],
  ['qinglong>*/00112233445566aa/3', null],
  ['hub', null],
  ['', null],
])('%s', (subject, about) => {
  expect(aboutOf(subject)).toEqual(about)
})
