import { expect, test } from 'vitest'
import { memberOf } from './rights.ts'

test.each([
  ['qinglong', 'qinglong', { node: 'qinglong', observer: false }],
  ['qinglong~look-1', 'qinglong', { node: 'qinglong', observer: true }],
  ['baisha', 'qinglong', null],
  ['baisha~qinglong', 'qinglong', null],
  ['qinglong', undefined, null],
  ['hub', 'hub', null],
  ['', '', null],
])('client %s with certificate %s', (clientId, name, member) => {
  expect(memberOf(clientId, name)).toEqual(member)
})
