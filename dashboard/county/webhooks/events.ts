import type { WebhookEvent, WebhookView } from '@lotkeeper/protocol/api/hub-webhooks.ts'

const KNOWN: Readonly<Record<WebhookEvent, true>> = {
  'movement.booked': true,
  'discrepancy.opened': true,
  'discrepancy.closed': true,
  'node.online': true,
  'node.offline': true,
}
/** What a webhook may be told, in the order in which a person is asked. */
export const EVENTS = Object.keys(KNOWN) as readonly WebhookEvent[]

/** How a webhook stands, as a person sees it: one that fails is still on. */
export const standingOf = ({ state, failures }: Pick<WebhookView, 'state' | 'failures'>): 'on' | 'failing' | 'paused' | 'ended' =>
  state === 'on' && failures > 0 ? 'failing' : state
