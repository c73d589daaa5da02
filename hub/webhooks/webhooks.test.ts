import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { given, openReceiver, openTelling, RECEIVER, type Telling } from './fixtures/telling.ts'

let t: Telling
beforeEach(async () => {
  t = await openTelling()
})
afterEach(() => t.close())
const idsOf = (telling: Telling) => telling.got.map(({ headers }) => String(headers['webhook-id']))
const linesOf = (telling: Telling) => telling.got.map(({ body }) => `${body.data['entry']}#${body.data['line']}`)
const openOf = async (telling: Telling, kind: string) => {
  const { rows } = given(await telling.ledger.ask.discrepancies({ limit: 100 }))
  return rows.filter((row) => row.kind === kind && row.closedAt === null)
}

describe('what a receiver gets', () => {
  it('is signed so that it can check it by itself, once, within its time', async () => {
    const { secret } = await t.make()
    await t.move()
    await t.until(() => t.got.length === 1)
    const [one] = t.got
    if (!one) throw new Error('nothing came')
    expect(one.body).toMatchObject({ type: 'movement.booked', data: { item: 'gauze-10x10-ex', to: 'xinghe/~transit' } })
    expect(one.headers).toMatchObject({ 'content-type': 'application/json', host: RECEIVER })
    const receiver = openReceiver(secret)
    const otherSecret = `whsec_${randomBytes(32).toString('base64')}`
    expect([receiver(one, t.now()), receiver(one, t.now())]).toEqual(['good', 'again'])
    expect(openReceiver(secret)(one, t.now() + 301_000)).toBe('old')
    const newer = { ...one.headers, 'webhook-timestamp': String(Number(one.headers['webhook-timestamp']) + 300) }
    expect(openReceiver(secret)({ ...one, headers: newer }, t.now())).toBe('forged')
    expect(openReceiver(secret)({ ...one, text: one.text.replace('"units":', '"units":1') }, t.now())).toBe('forged')
    expect(openReceiver(otherSecret)(one, t.now())).toBe('forged')
  })

  it('names nobody, no paper and no tag, and nothing of other sites', async () => {
    await t.make({ sites: ['baihe'] })
    await t.move(2, 'xinghe')
    await t.move(1, 'baihe')
    await t.until(() => t.got.length > 0)
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(t.got.map(({ body }) => body.data['to'])).toEqual(['baihe/~transit'])
    expect(Object.keys(t.got[0]?.body.data ?? {}).sort()).toEqual(
      [
        'entry',
        'from',
        'item',
        'itemName',
        'kind',
        'line',
        'lot',
        'lotNumber',
        'occurredAt',
        'receivedAt',
        'reverses',
        'site',
        'to',
        'unit',
        'units',
      ].sort(),
    )
  })

  it('comes in order and once, from when it was made', async () => {
    await t.move(3)
    await t.make()
    await t.move(12)
    await t.move(8)
    await t.until(() => t.got.length === 20)
    const { rows } = given(await t.ledger.ask.movements({ limit: 20 }))
    expect(linesOf(t)).toEqual(rows.map(({ entry, line }) => `${entry}#${line}`).reverse())
    expect(new Set(idsOf(t)).size).toBe(20)
  })

  it('tells of discrepancies that open and close, also while nobody looked', async () => {
    const { webhook } = await t.make({ events: ['discrepancy.opened', 'discrepancy.closed'] })
    const draft = { kind: 'clone', site: 'xinghe', entry: null, facts: {} } as const
    await t.ledger.openDiscrepancy({ ...draft, subject: 'one', atMs: t.now() })
    await t.until(() => t.got.length === 1 && t.shown(webhook.webhook).waiting === 0)
    await t.restart(async () => {
      await t.ledger.closeDiscrepancy('clone', 'one', t.now())
      await t.ledger.openDiscrepancy({ ...draft, subject: 'two', atMs: t.now() })
    })
    await t.until(() => t.got.length === 3)
    await t.ledger.closeDiscrepancy('clone', 'two', t.now())
    await t.until(() => t.got.length === 4)
    expect(t.got.map(({ body }) => [body.type, body.data['discrepancy']])).toEqual([
      ['discrepancy.opened', 'clone:one'],
      ['discrepancy.closed', 'clone:one'],
      ['discrepancy.opened', 'clone:two'],
      ['discrepancy.closed', 'clone:two'],
    ])
    await t.until(() => t.shown(webhook.webhook).waiting === 0)
    expect(t.shown(webhook.webhook)).toMatchObject({ failures: 0 })
  })
})

describe('a hub that is killed', () => {
  it('tells afterwards what was booked while its webhooks were away', async () => {
    await t.make()
    await t.move()
    await t.until(() => t.got.length === 1)
    await t.restart(() => t.move(3))
    await t.until(() => new Set(linesOf(t)).size === 4)
    // The answer to the first may not have been heard: then it came again, under its own id.
    expect(new Set(idsOf(t)).size).toBe(4)
  })

  it('tells again, under the same id, what it did not hear the answer of', async () => {
    await t.make()
    t.answers(() => undefined)
    await t.move(2)
    await t.until(() => t.got.length === 1)
    t.answers((_request, response) => response.writeHead(200).end())
    await t.restart()
    await t.until(() => t.got.length === 3)
    const [first, again, next] = idsOf(t)
    expect([again === first, next === first]).toEqual([true, false])
  })

  it('cannot sign any more when its key is another one, and says so', async () => {
    const { webhook } = await t.make()
    await t.restart(() => t.move(), randomBytes(32))
    await t.until(() => t.shown(webhook.webhook).state === 'paused')
    expect(t.shown(webhook.webhook)).toMatchObject({ why: 'secret-lost', waiting: 1, last: { trouble: { code: 'webhooks.secret-lost' } } })
    expect(t.got).toEqual([])
  })
})

describe('a receiver that', () => {
  it('redirects inside is not followed, and what waits keeps its place', async () => {
    const { webhook } = await t.make()
    t.answers((_request, response) => response.writeHead(302, { location: 'https://127.0.0.1:8443/api/health' }).end())
    await t.move(2)
    await t.until(() => t.shown(webhook.webhook).failures === 1)
    expect(t.shown(webhook.webhook)).toMatchObject({ waiting: 2, last: { status: 302, trouble: { code: 'webhooks.answer-redirect' } } })
    expect(new Set(t.world.dialled)).toEqual(new Set(['93.184.216.34:443']))
  })

  it('leads inside since it was set is not called', async () => {
    const { webhook } = await t.make()
    t.world.names.set(RECEIVER, ['169.254.169.254'])
    await t.move()
    await t.until(() => t.shown(webhook.webhook).failures === 1)
    expect(t.shown(webhook.webhook).last).toMatchObject({ status: null, trouble: { code: 'outgoing.address-refused' } })
    expect([t.got, t.world.dialled]).toEqual([[], []])
  })

  it('answers a gigabyte has said what counts in its first line', async () => {
    await t.make()
    let sent = 0
    t.answers((_request, response) => {
      response.writeHead(200)
      const pour = () => {
        while (!response.destroyed && sent < 1_073_741_824) {
          sent += 65_536
          if (!response.write(Buffer.alloc(65_536))) return void response.once('drain', pour)
        }
      }
      pour()
    })
    await t.move(2)
    await t.until(() => t.got.length === 2)
    expect(sent).toBeLessThan(64 * 1_048_576)
  })

  it('is gone ends its webhook for good', async () => {
    const { webhook } = await t.make()
    t.answers((_request, response) => response.writeHead(410).end())
    await t.move(3)
    await t.until(() => t.shown(webhook.webhook).state === 'ended')
    expect(t.shown(webhook.webhook)).toMatchObject({
      why: 'gone',
      waiting: 0,
      last: { status: 410, trouble: { code: 'webhooks.answer-gone' } },
    })
    await t.until(() => t.got.length === 1)
    expect(await t.webhooks().rotate({ action: 'rotate-ended-1', webhook: webhook.webhook }, 'u-1')).toMatchObject({
      code: 'webhooks.ended',
    })
    expect((await openOf(t, 'webhook-stopped')).length).toBe(1)
  })

  it('is held up holds up nobody else', async () => {
    t.answers((request, response) => (request.url === '/slow' ? undefined : response.writeHead(200).end()))
    await t.make({ url: `https://${RECEIVER}/slow` })
    const { webhook } = await t.make()
    await t.move(5)
    await t.until(() => t.got.length === 6)
    await t.until(() => t.shown(webhook.webhook).waiting === 0)
  })
})
