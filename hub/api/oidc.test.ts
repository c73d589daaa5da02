import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { refuse } from '@lotkeeper/protocol/refusals.ts'
import { Provider } from 'oidc-provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openOidc } from '../people/oidc.ts'
import { type ServedHub, serveHub } from './fixtures/served.ts'
import { openOidcSteps } from './oidc.ts'

/** The token endpoint answers ID tokens that somebody else signed. */
let forges = false
const SIGNED = /("id_token":"[^."]+\.[^."]+\.)[^"]{8}/

const WRONG = refuse('access.sign-in-wrong')

/** A certified implementation as the identity provider; people click through its own pages. */
let provider: Server
let issuer: string
let hub: ServedHub
const faults: unknown[] = []
beforeAll(async () => {
  provider = createServer()
  await new Promise<void>((resolve) => void provider.listen(0, '127.0.0.1', resolve))
  issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`
  hub = await serveHub({
    oidc: (now) => openOidc({ ...SETTINGS, issuer, base: 'http://127.0.0.1' }, { now, note: (error) => void faults.push(error) }),
  })
  const oidc = new Provider(issuer, {
    clients: [
      {
        client_id: 'lotkeeper',
        client_secret: 'a secret of the test',
        redirect_uris: ['http://127.0.0.1/api/oidc/callback'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    findAccount: async (_context: unknown, id: string) => ({
      accountId: id,
      claims: async () => ({ sub: `sub-${id}`, preferred_username: id }),
    }),
    claims: { openid: ['sub', 'preferred_username'], profile: [] },
    conformIdTokenClaims: false,
    cookies: { keys: ['a key of the test'] },
    features: { devInteractions: { enabled: true } },
  })
  const callback = oidc.callback()
  provider.on('request', (asked, answer) => {
    const end = answer.end.bind(answer) as (body?: unknown) => typeof answer
    if (forges && asked.url === '/token')
      Object.assign(answer, { end: (body?: unknown) => end(String(body).replace(SIGNED, '$1AAAAAAAA')) })
    void callback(asked, answer)
  })
}, 60_000)
afterAll(async () => {
  await hub.close()
  provider.closeAllConnections()
  provider.close()
})
const SETTINGS = { clientId: 'lotkeeper', clientSecret: 'a secret of the test', name: '县统一身份', claim: 'preferred_username' }

/** A browser as far as this goes: cookies by host and port, no redirects of its own. */
const openBrowser = () => {
  const jars = new Map<string, Map<string, string>>()
  const go = async (
    url: string,
    form?: Readonly<Record<string, string>>,
  ): Promise<{ readonly to: string | null; readonly text: string; readonly status: number }> => {
    const at = url.startsWith('http://127.0.0.1/') ? url.replace('http://127.0.0.1', hub.url) : url
    const jar = jars.get(new URL(at).host) ?? new Map<string, string>()
    jars.set(new URL(at).host, jar)
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(at, {
      redirect: 'manual',
      headers: { cookie },
      ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
    })
    for (const set of answer.headers.getSetCookie()) {
      const [pair = ''] = set.split(';')
      const equals = pair.indexOf('=')
      jar.set(pair.slice(0, equals), pair.slice(equals + 1))
    }
    const location = answer.headers.get('location')
    return { to: location === null ? null : new URL(location, at).href, text: await answer.text(), status: answer.status }
  }
  const keep = (name: string, value: string) => {
    const { host } = new URL(hub.url)
    jars.set(host, (jars.get(host) ?? new Map<string, string>()).set(name, value))
  }
  return { go, keep, cookieOf: (name: string) => jars.get(new URL(hub.url).host)?.get(name) ?? null }
}
/** Through the provider as somebody, up to the address of the hub it leads back to. */
const throughProvider = async (browser: ReturnType<typeof openBrowser>, who: string): Promise<string> => {
  let at = (await browser.go(`${hub.url}/api/oidc/start`)).to ?? ''
  for (let step = 0; step < 12; step += 1) {
    if (at.startsWith('http://127.0.0.1/')) return at
    const shown = await browser.go(at)
    if (shown.to !== null) {
      at = shown.to
      continue
    }
    const prompt = /name="prompt" value="(\w+)"/.exec(shown.text)?.[1] ?? ''
    const action = /<form[^>]*action="([^"]+)"/.exec(shown.text)?.[1] ?? ''
    at = (await browser.go(new URL(action, at).href, { prompt, login: who, password: 'x' })).to ?? ''
  }
  throw new Error('the provider leads in a circle')
}
const member = (login: string, sso: string) =>
  hub.people.users.save({ action: `make-${login}`, login, name: login, roles: [{ role: 'keeper', sites: 'all' }], sso }, 'county')

describe('the identity provider of the county', () => {
  it('signs in whom an administrator named, and binds the name to the subject', async () => {
    member('lijing', 'li.jing')
    const browser = openBrowser()
    const planted = await hub.people.signIn({ user: 'county', password: 'lotkeeper' }, { address: '', agent: '' })
    browser.keep('lotkeeper-hub', 'token' in planted ? planted.token : '')
    const back = await throughProvider(browser, 'li.jing')
    expect((await browser.go(back)).to).toBe('http://127.0.0.1/'.replace('http://127.0.0.1', hub.url))
    const session = await hub.ask('GET', '/api/session', {
      token: null,
      headers: { cookie: `lotkeeper-hub=${browser.cookieOf('lotkeeper-hub')}` },
    })
    expect(session.body).toMatchObject({ name: 'lijing', token: '' })
    expect('token' in planted && hub.people.check(planted.token)).toBeNull()
    const again = await browser.go(back)
    expect(again.to).toContain('refused=access.oidc-failed')
    const other = hub.people.signInBySso({ name: 'li.jing', subject: 'somebody else of that name' }, { address: '', agent: '' })
    expect(other).toMatchObject({ code: 'access.sign-in-wrong' })
  }, 60_000)

  it('lets nobody else in', async () => {
    const browser = openBrowser()
    const back = await throughProvider(browser, 'stranger')
    expect((await browser.go(back)).to).toContain('refused=access.sign-in-wrong')
    expect(browser.cookieOf('lotkeeper-hub')).toBeNull()
  }, 60_000)

  it('lets nobody in by a token that the provider did not sign', async () => {
    member('zhaoliu', 'zhao.liu')
    const browser = openBrowser()
    const back = await throughProvider(browser, 'zhao.liu')
    forges = true
    expect((await browser.go(back)).to).toContain('refused=access.oidc-failed')
    forges = false
    expect(browser.cookieOf('lotkeeper-hub')).toBeNull()
    const honest = openBrowser()
    expect((await honest.go(await throughProvider(honest, 'zhao.liu'))).to).toBe(`${hub.url}/`)
  }, 60_000)

  it('a link that somebody else began signs in no other browser', async () => {
    member('wangwu', 'wang.wu')
    const thief = openBrowser()
    const back = await throughProvider(thief, 'wang.wu')
    const victim = openBrowser()
    expect((await victim.go(back)).to).toContain('refused=access.oidc-failed')
    expect(victim.cookieOf('lotkeeper-hub')).toBeNull()
  }, 60_000)

  it('binds the browser by a cookie of this host alone where the way is secure', async () => {
    const oidc = { name: 'sso', start: async () => ({ url: 'https://sso.example/', state: 's1' }), finish: async () => WRONG }
    const audit = { mayAct: () => null, missed: () => undefined, note: async () => null }
    const steps = openOidcSteps({ oidc, people: { signInBySso: () => WRONG }, audit, now: Date.now })
    const [cookie] = (await steps.start({ address: '', headers: {}, secure: true })).cookies
    expect(cookie).toBe('__Host-lotkeeper-oidc=s1; Path=/; HttpOnly; SameSite=Lax; Max-Age=600; Secure')
    const heard: (string | null)[] = []
    const finish = async (_: string, state: string | null) => {
      heard.push(state)
      return WRONG
    }
    const listening = { ...oidc, finish }
    const back = openOidcSteps({ oidc: listening, people: { signInBySso: () => WRONG }, audit, now: Date.now })
    const from = { address: '', secure: true }
    await back.callback('/', { ...from, headers: { cookie: 'lotkeeper-oidc=planted' } })
    await back.callback('/', { ...from, headers: { cookie: '__Host-lotkeeper-oidc=s1' } })
    expect(heard).toEqual([null, 's1'])
  })

  it('is told by the health answer, and a provider that is not there is a clear refusal', async () => {
    expect((await hub.ask('GET', '/api/health', { token: null })).body).toMatchObject({ sso: '县统一身份', isSetUp: true })
    const gone = openOidc({ ...SETTINGS, issuer: 'http://127.0.0.1:1', base: hub.url }, { now: Date.now, note: () => undefined })
    expect(await gone.start()).toMatchObject({ code: 'access.oidc-failed' })
  })
})
