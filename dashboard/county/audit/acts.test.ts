import { HUB_ROUTES, type HubRoute } from '@lotkeeper/protocol/api/hub.ts'
import { auditedOf } from '@lotkeeper/protocol/api/hub-audited.ts'
import { expect, test } from 'vitest'
import { actText } from './acts.ts'

test('every act that is put on record has a name in words', () => {
  const ACT_OF: Partial<Record<HubRoute, string>> = { signIn: 'sign-in', signOut: 'session-ended' }
  const recorded = (Object.keys(HUB_ROUTES) as HubRoute[]).filter((name) => auditedOf(name) !== 'no')
  expect(recorded.length).toBeGreaterThan(50)
  expect(recorded.filter((name) => actText(ACT_OF[name] ?? name, 'zh') === (ACT_OF[name] ?? name))).toEqual([])
})
