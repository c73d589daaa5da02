import { WEBHOOK_EVENTS, type WebhookEvent } from '@lotkeeper/protocol/api/hub-webhooks.ts'
import type { SiteScope } from '@lotkeeper/protocol/rules/access.ts'
import { narrowed } from '../access/authorise.ts'

/** Something that happened, with the row that shows it. */
export interface Happened {
  readonly event: WebhookEvent
  /** Milliseconds: when it happened, as far as that is known. */
  readonly atMs: number
  readonly row: object
}

/** What a webhook wants to know, and of where. */
interface Subscription {
  readonly events: readonly WebhookEvent[]
  readonly sites: SiteScope
}

/** What a webhook is told of it: only the fields of its kind, and nothing at all of other sites; `null` when it does not concern it. */
export const toldTo = ({ events, sites }: Subscription, { event, atMs, row }: Happened): string | null => {
  if (!events.includes(event) || !isOf(event, sites, row)) return null
  return bodyOf(event, atMs, fieldsOf(event, row))
}

/** The text that is sent [Standard Webhooks 1.0, payload]. */
export const bodyOf = (type: string, atMs: number, data: object): string =>
  JSON.stringify({ type, timestamp: new Date(atMs).toISOString(), data })

/** The rule by which the same rows are narrowed for a person who asks. */
const isOf = (event: WebhookEvent, sites: SiteScope, row: object): boolean =>
  narrowed(event === 'movement.booked' ? 'movements' : event.startsWith('node.') ? 'nodes' : 'discrepancies', sites, row) !== null

/** By name, never by leaving out: a field that is new in a row tomorrow stays inside. */
const fieldsOf = (event: WebhookEvent, row: object): object => {
  const names = Object.keys(WEBHOOK_EVENTS[event].body.properties)
  return Object.fromEntries(names.map((name) => [name, (row as Readonly<Record<string, unknown>>)[name] ?? null]))
}
