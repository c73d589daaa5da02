import { RIGHTS, type Right } from '@lotkeeper/protocol/rules/access.ts'
import { expect, test } from 'vitest'
import { GROUPS, idleOf, rightsIn, seesOf, unseenOf } from './sees.ts'

test('every right stands in one group', () => {
  expect(GROUPS.flatMap(rightsIn).toSorted()).toEqual((Object.keys(RIGHTS) as Right[]).toSorted())
})

test('what holds at the same sites stands together, the whole county first', () => {
  const grants = [
    { role: 'keeper', sites: ['qinglong', 'baisha'] },
    { role: 'finance', sites: 'all' },
  ] as const
  expect(seesOf(grants)).toEqual([
    {
      group: 'look',
      where: [
        { sites: 'all', rights: ['stock.see', 'catalogue.see', 'prices.see'] },
        { sites: ['qinglong', 'baisha'], rights: ['discrepancies.see', 'nodes.see'] },
      ],
    },
    {
      group: 'act',
      where: [
        { sites: 'all', rights: ['cost-centres.write', 'tables.export'] },
        { sites: ['qinglong', 'baisha'], rights: ['tags.register', 'labels.print'] },
      ],
    },
  ])
  expect(unseenOf(grants)).toEqual(['contacts.see', 'cases.see'])
  expect(idleOf(grants)).toEqual([])
})

test('what belongs to the county does nothing when given for some sites, and is said so', () => {
  const grants = [{ role: 'administrator', sites: ['qinglong'] }] as const
  expect(idleOf(grants)).toEqual(expect.arrayContaining(['users.see', 'users.write', 'machines.write']))
  expect(seesOf(grants).flatMap(({ where }) => where.flatMap(({ rights }) => rights))).not.toContain('users.write')
  expect(idleOf([{ role: 'administrator', sites: 'all' }])).toEqual([])
})

test('nobody without a role sees anything', () => {
  expect(seesOf([])).toEqual([])
})
