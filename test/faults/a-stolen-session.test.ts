import { request } from 'node:http'
import { describe, expect } from 'vitest'
import { LOGIN, type LoneHub, hubTest as test } from './lone-hub.ts'

interface Said {
  readonly status: number
  readonly code: string
  readonly retryAfter: string | undefined
  readonly cookies: readonly string[]
  readonly body: Readonly<Record<string, unknown>>
}
interface Sent {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** An address of this machine to come from. */
  readonly from?: string
}

const ask = ({ port }: LoneHub, line: string, { body, headers = {}, from = '127.0.0.1' }: Sent = {}): Promise<Said> =>
  new Promise((resolve, reject) => {
    const [method = '', path = ''] = line.split(' ')
    const type = body === undefined ? {} : { 'content-type': 'application/json' }
    const asked = request(
      { host: '127.0.0.1', port, method, path, localAddress: from, agent: false, headers: { ...type, ...headers } },
      (answer) => {
        let text = ''
        answer.setEncoding('utf8').on('data', (part: string) => {
          text += part
        })
        answer.once('end', () => {
          const told = JSON.parse(text === '' ? '{}' : text) as Said['body']
          const { 'retry-after': retryAfter, 'set-cookie': cookies = [] } = answer.headers
          resolve({ status: answer.statusCode ?? 0, code: String(told['code'] ?? 'ok'), retryAfter, cookies, body: told })
        })
      },
    )
    asked.once('error', reject).end(body === undefined ? undefined : JSON.stringify(body))
  })
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const cookieOf = ({ cookies }: Said): string =>
  cookies.map((cookie) => cookie.split(';')[0] ?? '').find((pair) => pair.startsWith('lotkeeper-hub=')) ?? ''

const PASSWORD = '三口铝锅 烧 lamian'
let made = 0
/** Somebody new, with the one-time code they were given. */
const person = async (hub: LoneHub) => {
  made += 1
  const login = `person${made}`
  const body = { action: `attack-person-${made}`, login, name: login, roles: [{ role: 'keeper', sites: 'all' }] }
  const told = await ask(hub, 'POST /api/users', { body, headers: bearer(hub.adminToken) })
  return { login, code: String(told.body['code']) }
}
const stands = async (hub: LoneHub, headers: Readonly<Record<string, string>>): Promise<number> =>
  (await ask(hub, 'GET /api/session', { headers })).status

describe('a token', () => {
  test('that was planted never becomes a session, and what a browser had before ends', async ({ hub }) => {
    const { login, code } = await person(hub)
    const planted = 'lotkeeper-hub=chosen-by-somebody-else'
    const first = await ask(hub, 'POST /api/password/code', {
      body: { user: login, code, password: PASSWORD },
      headers: { cookie: planted },
    })
    expect([first.status, await stands(hub, { cookie: planted }), await stands(hub, { cookie: cookieOf(first) })]).toEqual([200, 401, 200])
    // A thief's own session, put into the browser of somebody who then signs in.
    const thief = await hub.signIn()
    const second = await ask(hub, 'POST /api/session', { body: { user: login, password: PASSWORD }, headers: { cookie: thief.cookie } })
    expect(second.status).toBe(200)
    const tokens = [planted, thief.cookie, cookieOf(first), cookieOf(second)]
    expect(new Set(tokens).size).toBe(4)
    expect(await stands(hub, { cookie: thief.cookie })).toBe(401)
    expect(await stands(hub, { cookie: `lotkeeper-hub=planted; ${cookieOf(second)}` })).toBe(401)
    expect(cookieOf(second)).toBe(`lotkeeper-hub=${String(second.body['token'])}`)
    expect(second.cookies.join()).toMatch(/; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/)
  })

  test('is another one after the password was changed, and after a code was redeemed; stolen ones are dead', async ({ hub }) => {
    const { login, code } = await person(hub)
    const first = await ask(hub, 'POST /api/password/code', { body: { user: login, code, password: PASSWORD } })
    const stolen = await ask(hub, 'POST /api/session', { body: { user: login, password: PASSWORD } })
    const change = { body: { password: PASSWORD, next: `${PASSWORD} 二` }, headers: { cookie: cookieOf(stolen) } }
    const changed = await ask(hub, 'POST /api/password', change)
    expect([changed.status, changed.cookies.length]).toEqual([200, 1])
    for (const dead of [first, stolen]) expect(await stands(hub, { cookie: cookieOf(dead) })).toBe(401)
    expect(await stands(hub, { cookie: cookieOf(changed) })).toBe(200)
    const reset = { action: `attack-reset-${login}`, user: String(changed.body['user']) }
    const again = await ask(hub, 'POST /api/users/password', { body: reset, headers: bearer(hub.adminToken) })
    expect(again.status).toBe(200)
    const redeemed = await ask(hub, 'POST /api/password/code', {
      body: { user: login, code: String(again.body['code']), password: PASSWORD },
      headers: { cookie: cookieOf(changed) },
    })
    expect([redeemed.status, await stands(hub, { cookie: cookieOf(changed) }), await stands(hub, { cookie: cookieOf(redeemed) })]).toEqual([
      200, 401, 200,
    ])
    expect((await ask(hub, 'DELETE /api/session', { headers: { cookie: cookieOf(redeemed) } })).status).toBe(200)
    expect(await stands(hub, { cookie: cookieOf(redeemed) })).toBe(401)
    expect(await stands(hub, bearer(cookieOf(redeemed).split('=')[1] ?? ''))).toBe(401)
  })

  test('counts in no address, and stands in no line of the log at its most talkative', async ({ hub }) => {
    const { token, cookie } = await hub.signIn()
    for (const name of ['token', 'access_token', 'lotkeeper-hub', 'authorization'])
      expect((await ask(hub, `GET /api/session?${name}=${encodeURIComponent(token)}`)).status).toBe(401)
    await ask(hub, 'POST /api/session', { body: { ...LOGIN, password: 'MARK-of-a-wrong-password' }, from: '127.0.0.77' })
    await ask(hub, `GET /api/sites?surplus=${token}`, { headers: { cookie } })
    await ask(hub, 'DELETE /api/session', { headers: { cookie } })
    expect(hub.log()).toContain('"level"')
    for (const secret of [token, hub.adminToken, 'MARK-of-a-wrong-password', PASSWORD]) expect(hub.log()).not.toContain(`${secret}"`)
    expect(hub.log()).not.toContain(token)
  })
})

describe('guessing', () => {
  test('is slowed for the name at the address, then for the name anywhere; others go on', async ({ hub }) => {
    const { login, code } = await person(hub)
    await ask(hub, 'POST /api/password/code', { body: { user: login, code, password: PASSWORD } })
    const guess = (from: string, password: string) => ask(hub, 'POST /api/session', { body: { user: login, password }, from })
    const codes: string[] = []
    for (let at = 0; at < 6; at += 1) codes.push((await guess('127.0.1.1', `guess ${at}`)).code)
    expect(codes).toEqual([...Array<string>(5).fill('access.sign-in-wrong'), 'access.sign-in-locked'])
    const locked = await guess('127.0.1.1', PASSWORD)
    expect([locked.status, locked.code, Number(locked.retryAfter)]).toEqual([423, 'access.sign-in-locked', expect.closeTo(30, -1)])
    expect((await guess('127.0.1.2', PASSWORD)).status).toBe(200)
    // From ever new addresses: each has few tries, and all of them together are counted.
    let wrong = 5
    for (let address = 3; wrong < 50; address += 1)
      for (let at = 0; at < 5 && wrong < 50; at += 1) {
        expect((await guess(`127.0.1.${address}`, 'guess')).code).toBe('access.sign-in-wrong')
        wrong += 1
      }
    expect((await guess('127.0.1.200', PASSWORD)).code).toBe('access.sign-in-locked')
    expect((await hub.signIn()).token).not.toBe('')
  })

  test('at doors anybody may knock at is slowed for the address', async ({ hub }) => {
    const body = { code: 'aaaa-aaaa', login: 'x', name: 'x', password: PASSWORD }
    const said = await Promise.all(Array.from({ length: 121 }, () => ask(hub, 'POST /api/setup', { body, from: '127.0.2.1' })))
    const over = said.filter(({ status }) => status === 429)
    expect(said.filter(({ code }) => code === 'access.set-up-over')).toHaveLength(120)
    expect(over.map(({ code, retryAfter }) => [code, Number(retryAfter) > 0 && Number(retryAfter) <= 60])).toEqual([
      ['access.too-many-requests', true],
    ])
    expect((await ask(hub, 'POST /api/setup', { body, from: '127.0.2.2' })).code).toBe('access.set-up-over')
  })
})
