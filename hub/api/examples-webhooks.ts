const WEBHOOK = 'w-00112233aabbccdd'
const AT = '2026-11-22T03:24:00.000Z'
const view = {
  ...{ webhook: WEBHOOK, version: 1, name: '县医院 HIS', url: 'https://his.example.com/lotkeeper' },
  ...{ events: ['movement.booked' as const, 'discrepancy.opened' as const], sites: ['xinghe'], state: 'on' as const, why: null, since: AT },
  ...{ waiting: 0, missed: 0, failures: 0, failingSince: null, nextAt: null, oldSecretUntil: null, madeAt: AT, madeBy: 'u-1' },
  last: { at: AT, event: 'movement.booked', status: 204, trouble: null },
}
const delivery = {
  ...{ id: 'msg_00112233445566778899aabbccddeeff', event: 'movement.booked', at: AT, state: 'done' as const, tries: 1, triedAt: AT },
  ...{ status: 204, trouble: null, tookMs: 87 },
}
const secret = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='

/** One call of every route of webhooks. */
export const WEBHOOK_EXAMPLES = {
  webhooks: { answer: { rows: [view] } },
  saveWebhook: {
    body: { action: 'example-webhook-01', name: view.name, url: view.url, events: view.events, sites: view.sites },
    answer: { webhook: { ...view, last: null }, secret },
  },
  endWebhook: {
    body: { action: 'example-webhook-02', webhook: WEBHOOK },
    answer: { webhook: { ...view, version: 2, state: 'ended' as const, why: 'person' as const } },
  },
  rotateWebhookSecret: {
    body: { action: 'example-webhook-03', webhook: WEBHOOK },
    answer: { webhook: { ...view, version: 2, oldSecretUntil: '2026-11-23T03:24:00.000Z' }, secret },
  },
  testWebhook: {
    body: { action: 'example-webhook-04', webhook: WEBHOOK },
    answer: { delivery: { ...delivery, event: 'webhook.test' } },
  },
  webhookDeliveries: { query: { webhook: WEBHOOK, limit: 20 }, answer: { rows: [delivery], next: null } },
}
