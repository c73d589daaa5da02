import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import { ROLES } from '@lotkeeper/protocol/rules/access.ts'
import { afterEach, describe, expect, test } from 'vitest'
import { openPeople } from './people.ts'

const NOW = Date.parse('2026-11-22T00:00:00.000Z')
const HOUR = 3_600_000
const GOOD = '三口铝锅 烧 lamian'
const from = { address: '192.168.1.9', agent: 'test' }
const opened: (() => void)[] = []
afterEach(() => {
  for (const end of opened.splice(0)) end()
})
const open = () => {
  const clock = { ms: NOW }
  const people = openPeople({ file: ':memory:', login: null, adminToken: 'admin', now: () => clock.ms })
  opened.push(people.close)
  return { people, clock }
}
const whole = <Answer extends object>(answer: Answer | Refusal): Answer => {
  if (isRefusal(answer)) throw new Error(answer.code)
  return answer
}
const codeOf = (answer: object): string => (isRefusal(answer) ? answer.code : 'none')

describe('machines', () => {
  const wish = { action: 'make-his', name: 'HIS', roles: [{ role: 'integrator' as const, sites: ['qinglong'] }], days: 30, perMinute: 60 }

  test('a key holds what its roles hold, narrowed to its scopes, until it ends', () => {
    const { people, clock } = open()
    const { machine, key } = whole(people.machines.save({ ...wish, scopes: ['stock.see'] }, 'county'))
    expect(key).toMatch(/^lk_m-[0-9a-f]{16}_[A-Za-z0-9_-]{43}$/)
    expect(people.check(key)).toMatchObject({ user: machine.machine, rights: { 'stock.see': ['qinglong'] } })
    expect(Object.keys(people.check(key)?.rights ?? {})).toEqual(['stock.see'])
    expect(people.check(`${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`)).toBeNull()
    clock.ms += 30 * 24 * HOUR
    expect(people.check(key)).toBeNull()
    expect(people.machines.list({})).toMatchObject({ rows: [{ state: 'expired' }] })
  })

  test('a key does nothing that a person does about themselves', async () => {
    const { people } = open()
    const { machine, key } = whole(people.machines.save({ ...wish, scopes: null }, 'county'))
    const self = { user: machine.machine, token: key, address: from.address }
    const body = { password: GOOD, next: GOOD, code: '123456', pin: '2580' }
    const { changePassword, startTotp, confirmTotp, endTotp, setPin } = people.own
    for (const act of [changePassword, startTotp, confirmTotp, endTotp, setPin])
      expect(codeOf(await act(self, body))).toBe('access.machine-cannot')
  })

  test('an ended one is out at once; a scope beyond the roles is refused', () => {
    const { people } = open()
    const { machine, key } = whole(people.machines.save({ ...wish, scopes: null }, 'county'))
    expect(Object.keys(people.check(key)?.rights ?? {}).sort()).toEqual([...ROLES.integrator.rights].sort())
    expect(whole(people.machines.end(machine.machine)).state).toBe('ended')
    expect(people.check(key)).toBeNull()
    expect(codeOf(people.machines.save({ ...wish, scopes: ['users.write'] }, 'county'))).toBe('access.scope-beyond')
    expect(codeOf(people.machines.end('m-nobody'))).toBe('access.machine-unknown')
  })
})
