import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { given, openTelling, type Telling } from './fixtures/telling.ts'
import { GIVE_UP_MS, pauseMs } from './pauses.ts'

let t: Telling
afterEach(() => t.close())

describe('a receiver that is down', () => {
  beforeEach(async () => {
    // Ten seconds are 10 ms.
    t = await openTelling(1_000)
  })

  it('gets everything in order when it is up again', async () => {
    const { webhook } = await t.make()
    await t.down()
    await t.move(3)
    await t.until(() => t.shown(webhook.webhook).failures >= 3)
    expect(t.shown(webhook.webhook)).toMatchObject({ state: 'on', waiting: 3, last: { trouble: { code: 'outgoing.unreachable' } } })
    await t.up()
    await t.until(() => t.got.length === 3)
    await t.until(() => t.shown(webhook.webhook).waiting === 0)
    const booked = given(await t.ledger.ask.movements({ limit: 3 })).rows.map(({ entry }) => entry)
    expect(t.got.map(({ body }) => body.data['entry'])).toEqual(booked.reverse())
    expect(t.shown(webhook.webhook)).toMatchObject({ failures: 0, failingSince: null, nextAt: null })
    const { rows } = given(t.webhooks().deliveries({ webhook: webhook.webhook, limit: 2 }))
    expect(rows.map(({ state, status }) => [state, status])).toEqual([
      ['done', 204],
      ['done', 204],
    ])
  })
})

describe('a receiver that stays down', () => {
  beforeEach(async () => {
    // Three days are 2.6 s.
    t = await openTelling(100_000)
  })

  it('is left alone after three days until a person looks; nothing is lost meanwhile', async () => {
    const { webhook } = await t.make()
    t.answers((_request, response) => response.writeHead(503).end())
    const movedMs = t.now()
    await t.move()
    await t.until(() => t.shown(webhook.webhook).state === 'paused')
    const failed = t.shown(webhook.webhook)
    expect(failed).toMatchObject({ why: 'failing', waiting: 1, last: { status: 503, trouble: { code: 'webhooks.answer-refused' } } })
    expect((t.got.at(-1)?.atMs ?? 0) - movedMs).toBeGreaterThanOrEqual(GIVE_UP_MS)
    const [firstMs, lastMs] = [failed.failingSince, failed.last?.at].map((at) => Date.parse(at ?? ''))
    expect((lastMs ?? 0) - (firstMs ?? 0)).toBeGreaterThanOrEqual(GIVE_UP_MS)
    const open = async () =>
      given(await t.ledger.ask.discrepancies({ limit: 9 })).rows.filter(({ kind, closedAt }) => kind === 'webhook-stopped' && !closedAt)
    await expect.poll(async () => (await open()).length).toBe(1)
    const tries = t.got.length
    await t.move(2)
    await t.until(() => t.shown(webhook.webhook).waiting === 3)
    expect(t.got.length).toBe(tries)
    t.answers((_request, response) => response.writeHead(200).end())
    const { name, url, events, sites } = failed
    given(await t.webhooks().save({ action: 'let-it-go-on-1', webhook: failed.webhook, name, url, events, sites, paused: false }, 'u-1'))
    await t.until(() => t.got.length === tries + 3)
    await expect.poll(async () => (await open()).length).toBe(0)
  })
})

describe('the pauses', () => {
  it('grow, end at six hours, and differ by chance by a fifth', async () => {
    t = await openTelling()
    expect([1, 2, 3, 4, 5, 6, 7, 8, 50].map((failures) => pauseMs(failures, 0.5) / 1_000)).toEqual([
      5, 20, 80, 320, 1_280, 5_120, 20_480, 21_600, 21_600,
    ])
    expect([pauseMs(1, 0), pauseMs(1, 0.999_999)]).toEqual([4_000, 6_000])
  })
})
