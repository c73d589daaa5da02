import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { given, openReceiver, openTelling, RECEIVER, type Telling } from './fixtures/telling.ts'
import { WEBHOOKS_MAX } from './webhooks.ts'

let t: Telling
beforeEach(async () => {
  t = await openTelling()
})
afterEach(() => t.close())
const WISH = { name: 'HIS', url: `https://${RECEIVER}/in`, events: ['movement.booked' as const], sites: 'all' as const }

describe('making a webhook', () => {
  it('shows its secret to whoever made it, and to nobody again', async () => {
    const body = { action: 'make-it-once-1', ...WISH }
    const made = given(await t.webhooks().save(body, 'u-1'))
    expect(made.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    // A lost answer is asked for again within seconds.
    expect(given(await t.webhooks().save(body, 'u-1'))).toEqual(made)
    expect(await t.webhooks().save(body, 'u-2')).toMatchObject({ code: 'api.action-reused' })
    expect(await t.webhooks().save({ ...body, name: 'X' }, 'u-1')).toMatchObject({ code: 'api.action-reused' })
    expect(t.webhooks().list().rows.length).toBe(1)
    expect(JSON.stringify(t.webhooks().list())).not.toContain('whsec')
    const { webhook } = made.webhook
    given(await t.webhooks().rotate({ action: 'rotate-it-1', webhook }, 'u-1'))
    expect(given(await t.webhooks().save(body, 'u-1')).secret).toBe(null)
  })

  it.each([
    ['http://hooks.example.com/', 'outgoing.scheme-refused'],
    ['https://169.254.169.254/', 'outgoing.host-refused'],
    ['https://hooks.example.com:22/', 'outgoing.port-refused'],
    ['https://user:pw@hooks.example.com/', 'outgoing.url-malformed'],
    ['https://inside.example.com/', 'outgoing.address-refused'],
  ])('does not take %s', async (url, code) => {
    t.world.names.set('inside.example.com', ['10.0.0.1'])
    expect(await t.webhooks().save({ action: 'make-it-bad-1', ...WISH, url }, 'u-1')).toMatchObject({ code })
    expect(t.webhooks().list().rows).toEqual([])
    const { webhook } = await t.make()
    expect(await t.webhooks().save({ action: 'change-it-bad', ...WISH, webhook: webhook.webhook, url }, 'u-1')).toMatchObject({ code })
    expect(t.shown(webhook.webhook)).toMatchObject({ url: WISH.url, version: 1 })
  })

  it('ends at so many', async () => {
    for (let at = 0; at < WEBHOOKS_MAX; at += 1) await t.make()
    expect(await t.webhooks().save({ action: 'one-too-many', ...WISH }, 'u-1')).toMatchObject({ code: 'webhooks.too-many' })
    const [first] = t.webhooks().list().rows
    given(await t.webhooks().end({ action: 'end-one-1', webhook: first?.webhook ?? '' }, 'u-1'))
    given(await t.webhooks().save({ action: 'one-more', ...WISH }, 'u-1'))
  })

  it('is changed from the version that was seen', async () => {
    const { webhook } = await t.make()
    const change = { ...WISH, webhook: webhook.webhook, knownVersion: 1 }
    given(await t.webhooks().save({ action: 'change-it-1', ...change, name: 'LIS' }, 'u-1'))
    expect(await t.webhooks().save({ action: 'change-it-2', ...change }, 'u-2')).toMatchObject({ code: 'catalog.version-stale' })
    expect(t.shown(webhook.webhook)).toMatchObject({ name: 'LIS', version: 2 })
  })
})

describe('a new secret', () => {
  it('signs at once, and the one before with it for a day', async () => {
    const { webhook, secret: before } = await t.make()
    const rotated = given(await t.webhooks().rotate({ action: 'rotate-it-1', webhook: webhook.webhook }, 'u-1'))
    expect(Date.parse(rotated.webhook.oldSecretUntil ?? '') - t.now()).toBeGreaterThan(86_000_000)
    await t.move()
    await t.until(() => t.got.length === 1)
    const [one] = t.got
    if (!one) throw new Error('nothing came')
    expect(String(one.headers['webhook-signature']).split(' ').length).toBe(2)
    expect([before, rotated.secret ?? ''].map((secret) => openReceiver(secret)(one, t.now()))).toEqual(['good', 'good'])
    const again = given(await t.webhooks().rotate({ action: 'rotate-it-2', webhook: webhook.webhook }, 'u-1'))
    await t.move()
    await t.until(() => t.got.length === 2)
    const [, two] = t.got
    if (!two) throw new Error('nothing came')
    expect([before, rotated.secret ?? '', again.secret ?? ''].map((secret) => openReceiver(secret)(two, t.now()))).toEqual([
      'forged',
      'good',
      'good',
    ])
  })

  it('is alone after that day', async () => {
    await t.close()
    t = await openTelling(200_000)
    const { webhook, secret } = await t.make()
    const rotated = given(await t.webhooks().rotate({ action: 'rotate-it-1', webhook: webhook.webhook }, 'u-1'))
    await t.until(() => t.shown(webhook.webhook).oldSecretUntil === null)
    await t.move()
    await t.until(() => t.got.length === 1)
    const [one] = t.got
    if (!one) throw new Error('nothing came')
    const seenAtMs = Number(one.headers['webhook-timestamp']) * 1_000
    expect([secret, rotated.secret ?? ''].map((known) => openReceiver(known)(one, seenAtMs))).toEqual(['forged', 'good'])
  })
})

describe('a test', () => {
  it('goes out at once, though it is paused, and says what was answered', async () => {
    const { webhook, secret } = await t.make({ paused: true })
    await t.move()
    const tested = given(await t.webhooks().test({ action: 'test-it-1', webhook: webhook.webhook }))
    expect(tested.delivery).toMatchObject({ event: 'webhook.test', state: 'done', status: 204, trouble: null })
    expect(t.got.map(({ body }) => body.type)).toEqual(['webhook.test'])
    const [one] = t.got
    expect(one && openReceiver(secret)(one, t.now())).toBe('good')
    expect(await t.webhooks().test({ action: 'test-it-2', webhook: webhook.webhook })).toMatchObject({ code: 'webhooks.test-too-soon' })
    expect(await t.webhooks().test({ action: 'test-it-3', webhook: 'w-0000000000000000' })).toMatchObject({ code: 'webhooks.unknown' })
  })

  it('says what went wrong, and holds up nothing', async () => {
    const { webhook } = await t.make()
    await t.down()
    const tested = given(await t.webhooks().test({ action: 'test-it-1', webhook: webhook.webhook }))
    expect(tested.delivery).toMatchObject({ state: 'dropped', status: null, trouble: { code: 'outgoing.unreachable' } })
    expect(t.shown(webhook.webhook)).toMatchObject({ state: 'on', failures: 0 })
  })
})

describe('an end', () => {
  it('drops what waits and is told nothing any more', async () => {
    const { webhook } = await t.make({ paused: true })
    await t.move(2)
    await t.until(() => t.shown(webhook.webhook).waiting === 2)
    const ended = given(await t.webhooks().end({ action: 'end-it-1', webhook: webhook.webhook }, 'u-1'))
    expect(ended.webhook).toMatchObject({ state: 'ended', why: 'person', waiting: 0 })
    expect(given(await t.webhooks().end({ action: 'end-it-1', webhook: webhook.webhook }, 'u-1'))).toEqual(ended)
    await t.move()
    // What happens while nobody listens is nobody's, also for who comes after.
    await t.make()
    await t.move()
    await t.until(() => t.got.length === 1)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(t.got.length).toBe(1)
  })

  it('is shown page by page', async () => {
    const { webhook } = await t.make()
    await t.move(5)
    await t.until(() => t.got.length === 5 && t.shown(webhook.webhook).waiting === 0)
    const first = given(t.webhooks().deliveries({ webhook: webhook.webhook, limit: 3 }))
    const second = given(t.webhooks().deliveries({ webhook: webhook.webhook, limit: 3, cursor: first.next ?? '' }))
    expect([first.rows.length, second.rows.length, second.next]).toEqual([3, 2, null])
    expect(new Set([...first.rows, ...second.rows].map(({ id }) => id)).size).toBe(5)
    expect(t.webhooks().deliveries({ webhook: webhook.webhook, cursor: 'forged' })).toMatchObject({ code: 'api.request-malformed' })
    expect(t.webhooks().deliveries({ webhook: 'w-0000000000000000' })).toMatchObject({ code: 'webhooks.unknown' })
  })
})
