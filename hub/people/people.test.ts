import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import { TOTP } from 'otpauth'
import { afterEach, describe, expect, test } from 'vitest'
import { passwordHash } from './passwords.ts'
import { openPeople, type People } from './people.ts'

const NOW = Date.parse('2026-11-22T00:00:00.000Z')
const ADMIN = 'admin-token-of-this-machine'
const GOOD = '三口铝锅 烧 lamian'
const HOUR = 3_600_000
const from = { address: '192.168.1.9', agent: 'test' }
const opened: (() => void)[] = []
afterEach(() => {
  for (const end of opened.splice(0)) end()
})

const hash = await passwordHash('right')
const open = (given: { readonly empty?: true; readonly file?: string } = {}) => {
  const clock = { ms: NOW }
  const login = given.empty ? null : { user: 'county', name: '县库', passwordHash: hash }
  const people = openPeople({ file: given.file ?? ':memory:', login, adminToken: ADMIN, now: () => clock.ms })
  opened.push(people.close)
  const county = () => people.signIn({ user: 'county', password: 'right' }, from).then(whole)
  return { people, clock, county }
}
const whole = <Answer extends object>(answer: Answer | Refusal): Answer => {
  if (isRefusal(answer)) throw new Error(answer.code)
  return answer
}
const codeOf = (answer: object): string => (isRefusal(answer) ? answer.code : 'none')
let made = 0
const person = (
  people: People,
  login: string,
  roles: Parameters<People['users']['save']>[0]['roles'] = [{ role: 'keeper', sites: ['qinglong'] }],
) => {
  made += 1
  return whole(people.users.save({ action: `make-${login}-${made}`, login, name: login.toUpperCase(), roles }, 'county'))
}
const joined = async (people: People, login: string, roles?: Parameters<typeof person>[2]) => {
  const { user, code } = person(people, login, roles)
  return { user, session: whole(await people.redeemCode({ user: login, code: code ?? '', password: GOOD }, from)) }
}

describe('a session', () => {
  test('holds for its time, outlives a restart, and ends when nobody uses it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'people-'))
    const file = join(folder, 'people.sqlite')
    const first = open({ file })
    const session = await first.county()
    opened.splice(0).forEach((end) => void end())
    expect(readFileSync(file).includes(Buffer.from(session.token))).toBe(false)
    const { people, clock } = open({ file })
    expect(people.check(session.token)).toMatchObject({ user: 'county', name: '县库' })
    clock.ms += 3.9 * HOUR
    expect(people.check(session.token)).not.toBeNull()
    clock.ms += 4 * HOUR
    expect(people.check(session.token)).toBeNull()
    const other = whole(await people.signIn({ user: 'County', password: 'right' }, from))
    for (let hour = 0; hour < 11; hour += 1) {
      clock.ms += HOUR
      expect(people.check(other.token)).not.toBeNull()
    }
    clock.ms += HOUR
    expect(people.check(other.token)).toBeNull()
    rmSync(folder, { recursive: true })
  })

  test('is another one at each sign-in, and the one the browser had before ends', async () => {
    const { people, county } = open()
    const before = await county()
    const after = whole(await people.signIn({ user: 'county', password: 'right' }, { ...from, before: before.token }))
    expect(after.token).not.toBe(before.token)
    expect([people.check(before.token), people.check(after.token)?.user]).toEqual([null, 'county'])
  })

  test('is listed and ended, one or all; whoever listens hears of it', async () => {
    const { people, county } = open()
    const heard: string[] = []
    people.follow((who) => void heard.push(who))
    const [one, two] = [await county(), await county()]
    const self = { user: 'county', token: one.token, address: from.address }
    const rows = people.own.sessions(self).rows
    expect(rows.map(({ own }) => own).sort()).toEqual([false, true])
    const other = rows.find(({ own }) => !own)?.session ?? ''
    expect(people.own.endSession(self, { session: other })).toEqual({})
    expect([people.check(one.token)?.user, people.check(two.token)]).toEqual(['county', null])
    const three = await county()
    people.own.endSession(self, { session: null })
    expect([people.check(one.token)?.user, people.check(three.token)]).toEqual(['county', null])
    people.signOut(one.token)
    expect(people.check(one.token)).toBeNull()
    expect(heard.length).toBeGreaterThan(2)
    expect(codeOf(people.own.endSession(self, { session: 'nobody' }))).toBe('access.session-unknown')
  })

  test('of another user cannot be ended as one of mine', async () => {
    const { people, county } = open()
    const mine = await county()
    const { session } = await joined(people, 'lijing')
    const [theirs] = people.sessions.list(people.check(session.token)?.user ?? '')
    const ended = people.own.endSession({ user: 'county', token: mine.token, address: '' }, { session: theirs?.id ?? '' })
    expect([codeOf(ended), people.check(session.token)?.name]).toEqual(['access.session-unknown', 'LIJING'])
  })

  test.each(['', 'x', 'lk_', `lk_m-0000000000000000_${'A'.repeat(43)}`, 'A'.repeat(43), `${ADMIN}x`])('is none for %j', (token) => {
    expect(open().people.check(token)).toBeNull()
  })

  test('of the owner of this machine holds every right', () => {
    const session = open().people.check(ADMIN)
    expect(session).toMatchObject({ user: 'admin', rights: { 'users.write': 'all', 'audit.see': 'all', 'stock.ask': 'all' } })
  })
})

describe('guessing', () => {
  test('five wrong tries lock a name at an address, longer each time, also over a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'people-'))
    const file = join(folder, 'people.sqlite')
    const first = open({ file })
    const wrong = (people: People, user = 'county') => people.signIn({ user, password: 'wrong' }, from).then(codeOf)
    for (let tried = 0; tried < 5; tried += 1) expect(await wrong(first.people)).toBe('access.sign-in-wrong')
    opened.splice(0).forEach((end) => void end())
    const { people, clock } = open({ file })
    const right = () => people.signIn({ user: 'county', password: 'right' }, from)
    expect(await right()).toMatchObject({ code: 'access.sign-in-locked', facts: { seconds: 30 } })
    expect(await wrong(people, 'nobody')).toBe('access.sign-in-wrong')
    const elsewhere = await people.signIn({ user: 'county', password: 'right' }, { ...from, address: '192.168.1.10' })
    expect(elsewhere).toMatchObject({ user: 'county' })
    clock.ms += 30_000
    expect(await wrong(people)).toBe('access.sign-in-wrong')
    expect(await right()).toMatchObject({ facts: { seconds: 60 } })
    clock.ms += 60_000
    expect(await right()).toMatchObject({ user: 'county' })
    rmSync(folder, { recursive: true })
  })

  test('many addresses together lock the name too, and one address for many names itself', async () => {
    const { people } = open()
    for (let at = 0; at < 12; at += 1) {
      await Promise.all(
        Array.from({ length: 5 }, (_, one) => people.signIn({ user: 'county', password: 'w' }, { ...from, address: `10.0.${at}.${one}` })),
      )
    }
    expect(codeOf(await people.signIn({ user: 'county', password: 'right' }, { ...from, address: '10.9.9.9' }))).toBe(
      'access.sign-in-locked',
    )
  }, 60_000)

  test('nobody learns by the answer who exists', async () => {
    const { people } = open()
    await joined(people, 'lijing')
    const asked = ['lijing', 'nobody'].map((user) => people.signIn({ user, password: 'wrong' }, { ...from, address: user }))
    const [known, unknown] = await Promise.all(asked)
    expect(known).toEqual(unknown)
  })
})

describe('a password', () => {
  test.each([
    ['short', 'access.password-short'],
    ['passwordpassword', 'access.password-common'],
    ['aaaaaaaaaaaaaaa', 'access.password-common'],
    ['1234567890ab', 'access.password-common'],
    ['I am lijing today', 'access.password-common'],
    ['二十四个汉字', 'access.password-short'],
  ])('%s is refused', async (password, why) => {
    const { people } = open()
    const { code } = person(people, 'lijing')
    expect(codeOf(await people.redeemCode({ user: 'lijing', code: code ?? '', password }, from))).toBe(why)
  })

  test('is changed by whoever knows it, and every session ends but a new one', async () => {
    const { people, county } = open()
    const [one, two] = [await county(), await county()]
    const self = { user: 'county', token: one.token, address: from.address }
    expect(codeOf(await people.own.changePassword(self, { password: 'wrong', next: GOOD }))).toBe('access.sign-in-wrong')
    expect(codeOf(await people.own.changePassword(self, { password: 'right', next: 'county-store' }))).toBe('access.password-common')
    const changed = whole(await people.own.changePassword(self, { password: 'right', next: GOOD }))
    expect([people.check(changed.token)?.user, people.check(one.token), people.check(two.token)]).toEqual(['county', null, null])
    expect(codeOf(await people.signIn({ user: 'county', password: 'right' }, from))).toBe('access.sign-in-wrong')
    expect(await people.signIn({ user: 'county', password: GOOD }, from)).toMatchObject({ user: 'county' })
  })

  test('a one-time code counts once, for its time, for its user', async () => {
    const { people, clock } = open()
    const { code } = person(people, 'lijing')
    person(people, 'wangfang')
    const redeem = (user: string, by = code ?? '') => people.redeemCode({ user, code: by, password: GOOD }, from)
    expect(codeOf(await redeem('wangfang'))).toBe('access.code-wrong')
    const [first, second] = await Promise.all([redeem('lijing'), redeem('lijing')])
    expect([codeOf(first), codeOf(second)].sort()).toEqual(['access.code-wrong', 'none'])
    const again = whole(people.users.resetPassword(people.users.byLogin('lijing')?.id ?? '', 'county'))
    expect(codeOf(await people.signIn({ user: 'lijing', password: GOOD }, from))).toBe('access.sign-in-wrong')
    clock.ms += 73 * HOUR
    expect(codeOf(await redeem('lijing', again.code))).toBe('access.code-wrong')
  })
})

describe('an authenticator app', () => {
  test('is asked for once confirmed, takes each code once, and is stopped by password and code', async () => {
    const { people, clock, county } = open()
    const { token } = await county()
    const self = { user: 'county', token, address: from.address }
    expect(codeOf(people.own.confirmTotp(self, { code: '000000' }))).toBe('access.totp-none')
    expect(codeOf(await people.own.startTotp(self, { password: 'no' }))).toBe('access.sign-in-wrong')
    const { secret, uri } = whole(await people.own.startTotp(self, { password: 'right' }))
    expect(uri).toContain('otpauth://totp/Lotkeeper:county')
    const app = new TOTP({ secret })
    const code = () => app.generate({ timestamp: clock.ms })
    expect(codeOf(people.own.confirmTotp(self, { code: '000000' }))).toBe('access.code-wrong')
    expect(await people.signIn({ user: 'county', password: 'right' }, from)).toMatchObject({ user: 'county' })
    expect(people.own.confirmTotp(self, { code: code() })).toEqual({})
    const signIn = (digits?: string) => people.signIn({ user: 'county', password: 'right', ...(digits ? { code: digits } : {}) }, from)
    expect(codeOf(await signIn())).toBe('access.totp-needed')
    expect(codeOf(await signIn(code()))).toBe('access.code-wrong')
    clock.ms += 30_000
    const used = code()
    expect(await signIn(used)).toMatchObject({ user: 'county' })
    expect(codeOf(await signIn(used))).toBe('access.code-wrong')
    expect(codeOf(await people.own.startTotp(self, { password: 'right' }))).toBe('access.totp-on')
    clock.ms += 30_000
    expect(codeOf(await people.own.endTotp(self, { password: 'right', code: '1' }))).toBe('access.code-wrong')
    expect(await people.own.endTotp(self, { password: 'right', code: code() })).toEqual({})
    expect(await signIn()).toMatchObject({ user: 'county' })
  })

  test('is asked for also by whoever comes with a one-time code', async () => {
    const { people, clock, county } = open()
    const { token } = await county()
    const self = { user: 'county', token, address: from.address }
    const { secret } = whole(await people.own.startTotp(self, { password: 'right' }))
    const right = () => new TOTP({ secret }).generate({ timestamp: clock.ms })
    people.own.confirmTotp(self, { code: right() })
    const { code } = whole(people.users.resetPassword('county', 'admin'))
    expect(codeOf(await people.redeemCode({ user: 'county', code, password: GOOD }, from))).toBe('access.totp-needed')
    expect(codeOf(await people.signIn({ user: 'county', password: GOOD }, from))).toBe('access.totp-needed')
    clock.ms += 30_000
    expect(await people.signIn({ user: 'county', password: GOOD, code: right() }, from)).toMatchObject({ user: 'county' })
  })

  test('is not stopped by guessing its codes, though the password is known', async () => {
    const { people, clock, county } = open()
    const { token } = await county()
    const self = { user: 'county', token, address: from.address }
    const { secret } = whole(await people.own.startTotp(self, { password: 'right' }))
    const right = () => new TOTP({ secret }).generate({ timestamp: clock.ms })
    expect(people.own.confirmTotp(self, { code: right() })).toEqual({})
    clock.ms += 60_000
    const end = async (code: string) => codeOf(await people.own.endTotp(self, { password: 'right', code }))
    for (let tried = 0; tried < 5; tried += 1) expect(await end('1')).toBe('access.code-wrong')
    expect(await end(right())).toBe('access.sign-in-locked')
    clock.ms += 60_000
    expect(await people.own.endTotp(self, { password: 'right', code: right() })).toEqual({})
  })
})

describe('the first set-up', () => {
  test('makes one administrator by the code shown at the start, and never a second', async () => {
    const { people } = open({ empty: true })
    const code = people.setUpCode() ?? ''
    const body = { login: 'wangfang', name: '王芳', password: GOOD }
    expect(codeOf(await people.signIn({ user: 'county', password: 'lotkeeper' }, from))).toBe('access.set-up-needed')
    expect(codeOf(await people.setUp({ ...body, code: 'guess' }, from))).toBe('access.code-wrong')
    expect(codeOf(await people.setUp({ ...body, code, password: 'short' }, from))).toBe('access.password-short')
    const [one, two] = await Promise.all([people.setUp({ ...body, code }, from), people.setUp({ ...body, login: 'other', code }, from)])
    expect([codeOf(one), codeOf(two)].sort()).toEqual(['access.set-up-over', 'none'])
    expect(people.setUpCode()).toBeNull()
    expect(codeOf(await people.setUp({ ...body, login: 'third', code }, from))).toBe('access.set-up-over')
  })
})

describe('users', () => {
  test('are made, changed and ended; what they may do changes with the next question', async () => {
    const { people } = open()
    const { user, session } = await joined(people, 'lijing')
    expect(people.check(session.token)?.rights['stock.see']).toEqual(['qinglong'])
    const wish = {
      action: 'change-lijing',
      user: user.user,
      login: 'lijing',
      name: '李静',
      roles: [{ role: 'finance' as const, sites: 'all' as const }],
    }
    expect(codeOf(people.users.save({ ...wish, knownVersion: 99 }, 'county'))).toBe('access.user-changed')
    whole(people.users.save(wish, 'county'))
    expect(people.check(session.token)?.rights).toMatchObject({ 'prices.see': 'all', 'stock.see': 'all' })
    expect(people.check(session.token)?.rights['labels.print']).toBeUndefined()
    whole(people.users.end(user.user, 'county'))
    expect(people.check(session.token)).toBeNull()
    expect(codeOf(await people.signIn({ user: 'lijing', password: GOOD }, from))).toBe('access.sign-in-wrong')
    expect(codeOf(people.users.resetPassword(user.user, 'county'))).toBe('access.user-ended')
    whole(people.users.resume(user.user))
    expect(await people.signIn({ user: 'LiJing', password: GOOD }, from)).toMatchObject({ name: '李静' })
  })

  test('one login is one person, whatever its case', () => {
    const { people } = open()
    person(people, 'lijing')
    expect(codeOf(people.users.save({ action: 'again-lijing', login: 'LIJING', name: 'x', roles: [] }, 'county'))).toBe(
      'access.login-taken',
    )
    expect(codeOf(people.users.save({ action: 'change-nobody', user: 'u-no', login: 'n', name: 'x', roles: [] }, 'county'))).toBe(
      'access.user-unknown',
    )
  })

  test('nobody changes their own roles, and one administrator remains', async () => {
    const { people } = open()
    const roles = [{ role: 'administrator' as const, sites: 'all' as const }]
    const { user } = await joined(people, 'wangfang', roles)
    const self = {
      action: 'raise-myself',
      user: user.user,
      login: 'wangfang',
      name: 'W',
      roles: [...roles, { role: 'finance' as const, sites: 'all' as const }],
    }
    expect(codeOf(people.users.save(self, user.user))).toBe('access.self-change')
    expect(people.users.save({ ...self, roles, name: '王芳' }, user.user)).toMatchObject({ user: { name: '王芳' } })
    for (const act of [people.users.end, people.users.resetPassword, people.users.resetTotp])
      expect(codeOf(act(user.user, user.user))).toBe('access.self-change')
    whole(people.users.end('county', user.user))
    expect(codeOf(people.users.end(user.user, 'admin'))).toBe('access.last-administrator')
    expect(codeOf(people.users.save({ ...self, roles: [] }, 'admin'))).toBe('access.last-administrator')
    expect(codeOf(people.users.erase(user.user, 'admin') ?? {})).toBe('access.last-administrator')
  })

  test('an erased one is gone from the file, and the id stays', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'people-'))
    const file = join(folder, 'people.sqlite')
    // Made by a start before this one: what holds for the file's first opening only would not hold here.
    open({ file }).people.close()
    opened.splice(0)
    const { people } = open({ file })
    const { user, session } = await joined(people, 'zhang-xiaoming')
    expect(people.users.erase(user.user, 'county')).toBeNull()
    expect([people.check(session.token), people.users.byLogin('zhang-xiaoming')]).toEqual([null, null])
    expect(people.users.names().rows).toContainEqual({ id: user.user, name: '已抹去 / erased' })
    // Nobody waits for the end of the hub: it lies in the file no more while the hub goes on.
    for (const name of ['people.sqlite', 'people.sqlite-wal']) {
      const bytes = await import('node:fs').then(({ existsSync }) =>
        existsSync(join(folder, name)) ? readFileSync(join(folder, name)) : Buffer.alloc(0),
      )
      expect(bytes.includes('zhang-xiaoming') || bytes.includes('ZHANG-XIAOMING')).toBe(false)
    }
    opened.splice(0).forEach((end) => void end())
    rmSync(folder, { recursive: true })
  })

  test('keepers of a site are those with a PIN and a role there', async () => {
    const { people } = open()
    const { user, session } = await joined(people, 'lijing')
    expect(people.keepersOf('qinglong')).toEqual([])
    const self = { user: user.user, token: session.token, address: from.address }
    expect(await people.own.setPin(self, { password: GOOD, pin: '2580' })).toEqual({})
    expect(people.keepersOf('qinglong')).toMatchObject([
      { keeper: user.user, role: 'keeper', pinHash: expect.stringMatching(/^scrypt\$16384\$/) },
    ])
    expect(people.keepersOf('baisha')).toEqual([])
    whole(people.users.end(user.user, 'county'))
    expect(people.keepersOf('qinglong')).toEqual([])
  })
})
