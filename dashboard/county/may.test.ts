import { rightsOf } from '@lotkeeper/protocol/rules/access.ts'
import { expect, it } from 'vitest'
import { may } from './may.tsx'

it.each([
  ['keeper', 'all', { overview: true, registerTags: true, createItem: false, rotateHubKey: false }],
  ['keeper', ['qinglong'], { overview: true, registerTags: true, createItem: false }],
  ['county-store', ['qinglong'], { savePortal: true, createItem: false, decideProvisional: false, asides: true }],
  ['county-store', 'all', { savePortal: true, createItem: true, decideProvisional: true, rotateHubKey: false }],
  ['administrator', 'all', { overview: false, nodes: true, rotateHubKey: true, session: true }],
] as const)('%s of %s may what the tables say', (role, sites, says) => {
  const rights = rightsOf({ grants: [{ role, sites }] }) as Parameters<typeof may>[0]
  for (const [route, allowed] of Object.entries(says)) expect([route, may(rights, route as keyof typeof says)]).toEqual([route, allowed])
})
