import { describe, expect, it } from 'vitest'
import { mayRetry, openDoor } from './door.ts'

/** A door to a network that answers as told. */
const doorTo = (answer: (url: string, init: RequestInit) => Promise<Response>) => {
  const signedOut = { times: 0 }
  const asked: { url: string; init: RequestInit }[] = []
  const ask = openDoor({
    fetch: (url, init) => {
      asked.push({ url, init })
      return answer(url, init)
    },
    onSignedOut: () => {
      signedOut.times += 1
    },
  })
  return { ask, signedOut, asked }
}
const answered = (status: number, text: string) => async () => new Response(text, { status })

const GET = { method: 'GET', path: '/api/stock' } as const
const POST = { method: 'POST', path: '/api/issue' } as const
const PROBLEM = {
  type: 'urn:x',
  title: '账面不足',
  status: 409,
  code: 'ledger.not-enough',
  titleEn: 'Not enough',
  facts: { book: 3 },
}

describe('the door', () => {
  it('brings an answer, and asks with its query but not with empty parts of it', async () => {
    const { ask, asked } = doorTo(answered(200, '{"rows":[]}'))
    expect(await ask(GET, { query: { site: 'qinglong', search: '', limit: 5, cursor: undefined } })).toEqual({
      ok: true,
      value: { rows: [] },
    })
    expect(asked[0]?.url).toBe('/api/stock?site=qinglong&limit=5')
    expect(asked[0]?.init.body).toBe(undefined)
  })
  it('sends a body as JSON, with the cookie of this origin only', async () => {
    const { ask, asked } = doorTo(answered(200, '{}'))
    await ask(POST, { body: { quantity: 2 } })
    expect(asked[0]?.init).toMatchObject({
      method: 'POST',
      credentials: 'same-origin',
      body: '{"quantity":2}',
      headers: { 'content-type': 'application/json' },
    })
  })
  it('takes an empty answer for an empty object', async () => {
    expect(await doorTo(answered(200, '')).ask(GET)).toEqual({ ok: true, value: {} })
  })
  it('brings a refusal as data, in both languages', async () => {
    const { ask, signedOut } = doorTo(answered(409, JSON.stringify(PROBLEM)))
    expect(await ask(POST)).toEqual({
      ok: false,
      trouble: { code: 'ledger.not-enough', status: 409, zh: '账面不足', en: 'Not enough', facts: { book: 3 } },
    })
    expect(signedOut.times).toBe(0)
  })
  it('says when the sign-in has ended, but not for a wrong password', async () => {
    const { ask, signedOut } = doorTo(answered(401, JSON.stringify({ ...PROBLEM, code: 'access.not-signed-in' })))
    await ask({ method: 'POST', path: '/api/session' })
    expect(signedOut.times).toBe(0)
    await ask(GET)
    expect(signedOut.times).toBe(1)
  })
  it.each(['access.sign-in-wrong', 'access.code-wrong', 'access.totp-needed'])('stays signed in when told %s', async (code) => {
    const { ask, signedOut } = doorTo(answered(401, JSON.stringify({ ...PROBLEM, code })))
    await ask(POST)
    expect(signedOut.times).toBe(0)
  })
  it.each([
    ['a page of a proxy', 502, '<html>Bad gateway</html>', 'http.502', true],
    ['a broken answer', 200, '{"rows":[', 'http.200', false],
    ['JSON that is no problem', 500, '"no"', 'http.500', false],
  ])('names %s by its status', async (_what, status, text, code, retry) => {
    const answer = await doorTo(answered(status, text)).ask(GET)
    expect(answer.ok ? null : [answer.trouble.code, mayRetry(answer.trouble)]).toEqual([code, retry])
  })
  it('says that nobody answers, and that it may be tried again', async () => {
    const answer = await doorTo(() => Promise.reject(new TypeError('Failed to fetch'))).ask(GET)
    expect(answer.ok ? null : [answer.trouble.code, mayRetry(answer.trouble)]).toEqual(['page.unreachable', true])
  })
  it('lets a question go when its screen is left', async () => {
    const { ask } = doorTo(
      (_url, { signal }) => new Promise((_answer, fail) => signal?.addEventListener('abort', () => fail(new Error('aborted')))),
    )
    const leaving = new AbortController()
    const asked = ask(GET, { signal: leaving.signal })
    leaving.abort()
    const answer = await asked
    expect(answer.ok ? null : [answer.trouble.code, mayRetry(answer.trouble)]).toEqual(['page.left', false])
  })
})
