import type { HubAnswer, HubBody } from '@lotkeeper/protocol/api/hub.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { openDatabase } from '../database.ts'
import type { HubLedger } from '../ledger/contract.ts'
import type { Outgoing } from '../outgoing/outgoing.ts'
import type { HubParts } from '../parts.ts'
import { openActs } from './acts.ts'
import { openDelivering } from './delivering.ts'
import { bodyOf } from './events.ts'
import { WEBHOOKS_FORM } from './form.ts'
import { openGathering } from './gathering.ts'
import { type Hook, openHooks } from './hooks.ts'
import { openQueue, type Queue } from './queue.ts'
import { openSealing } from './sealing.ts'
import { messageId, SECRET_BYTES, secretOf } from './signing.ts'

/** Addresses that are told what happens: made and ended by people, told at least once and in order. */
export interface Webhooks {
  readonly list: () => HubAnswer<'webhooks'>
  readonly save: (body: HubBody<'saveWebhook'>, actor: string) => Promise<HubAnswer<'saveWebhook'> | Refusal>
  readonly end: (body: HubBody<'endWebhook'>, actor: string) => Promise<HubAnswer<'endWebhook'> | Refusal>
  readonly rotate: (body: HubBody<'rotateWebhookSecret'>, actor: string) => Promise<HubAnswer<'rotateWebhookSecret'> | Refusal>
  readonly test: (body: HubBody<'testWebhook'>) => Promise<HubAnswer<'testWebhook'> | Refusal>
  readonly deliveries: Queue['page']
  readonly close: () => void
}
export interface WebhooksParts {
  /** The webhooks' own file. */
  readonly file: string
  /** 32 secret bytes under which secrets lie in the file. */
  readonly key: Uint8Array
  readonly ledger: Pick<HubLedger, 'follow' | 'openDiscrepancy' | 'closeDiscrepancy'> & {
    readonly ask: Pick<HubLedger['ask'], 'movedSince' | 'discrepancies' | 'nodes'>
  }
  readonly outgoing: Outgoing
  readonly now: () => number
  readonly timers: HubParts['timers']
  readonly random: HubParts['random']
  /** Told what broke. */
  readonly note: (error: unknown, where: string) => void
}

/** Living webhooks: more is a bus, which a county of this size does not need; each may cost 50 MB of disk. */
export const WEBHOOKS_MAX = 32
/** So long the secret before still signs, so that a receiver can be changed in a working day. */
export const OLD_SECRET_MS = 86_400_000
/** Between two tests of one webhook: it is no tool to knock at doors with. */
export const TEST_PAUSE_MS = 10_000

export const openWebhooks = (parts: WebhooksParts): Webhooks => {
  const { ledger, outgoing, now, random } = parts
  const opened = openDatabase(parts.file, WEBHOOKS_FORM)
  const { db } = opened
  const hooks = openHooks(db, now)
  const queue = openQueue(db)
  const sealing = openSealing(parts.key, random.bytes)
  const failed = (error: unknown) => parts.note(error, 'webhooks')
  const discrepancy = (hook: Hook) => ({ kind: 'webhook-stopped', site: null, subject: hook.id, entry: null, atMs: now() }) as const
  const stopped = (hook: Hook) => void ledger.openDiscrepancy({ ...discrepancy(hook), facts: { name: hook.name } }).catch(failed)
  const mended = ({ id }: Hook) => void ledger.closeDiscrepancy('webhook-stopped', id, now()).catch(failed)
  const common = { ...parts, db, hooks, queue, failed }
  const gathering = openGathering({ ...common, random: random.bytes, queued: () => delivering.wake() })
  const delivering = openDelivering({ ...common, sealing, fraction: random.fraction, stopped, drained: gathering.wake })
  delivering.wake()
  const acts = openActs({ db, now, shown: (id) => hooks.one(id), secretIn: (hook) => sealing.open(hook.secret, hook.id) })
  const newSecret = (id: string) => {
    const secret = secretOf(random.bytes(SECRET_BYTES))
    return { secret, sealed: sealing.seal(secret, id) }
  }
  const living = (id: string): Hook | Refusal => {
    const hook = hooks.one(id)
    if (!hook) return refuse('webhooks.unknown', { webhook: id })
    return hook.state === 'ended' ? refuse('webhooks.ended') : hook
  }
  const made = (id: string, secret: string | null): HubAnswer<'saveWebhook'> | Refusal => {
    const hook = hooks.one(id)
    return hook ? { webhook: hooks.view(hook), secret } : refuse('webhooks.unknown', { webhook: id })
  }
  const once = async (body: Acted, actor: string, act: () => { readonly id: string; readonly secret: string | null } | Refusal) => {
    const before = acts.before(body, actor)
    if (before) return isRefusal(before) ? before : made(before.id, before.secret)
    const done = db.transaction(() => {
      const result = act()
      if (!isRefusal(result)) acts.keep(body, actor, result.id)
      return result
    })()
    return isRefusal(done) ? done : made(done.id, done.secret)
  }
  const add = (body: HubBody<'saveWebhook'>, actor: string) => {
    if (hooks.living().length >= WEBHOOKS_MAX) return refuse('webhooks.too-many', { most: WEBHOOKS_MAX })
    const id = `w-${Buffer.from(random.bytes(8)).toString('hex')}`
    const { secret, sealed } = newSecret(id)
    const state = body.paused ? ({ state: 'paused', why: 'person' } as const) : ({ state: 'on', why: null } as const)
    hooks.add({ id, ...fieldsOf(body), ...state, secret: sealed, secret_action: body.action, made_by: actor, atMs: now() })
    return { id, secret }
  }
  const change = (id: string, body: HubBody<'saveWebhook'>) => {
    const hook = living(id)
    if (isRefusal(hook)) return hook
    const { version, name } = hook
    if (body.knownVersion !== undefined && body.knownVersion !== version) return refuse('catalog.version-stale', { item: name, version })
    hooks.set(id, { version: version + 1, ...fieldsOf(body), ...stateOf(hook, body.paused ?? hook.state === 'paused', now()) })
    return { id, secret: null }
  }
  return {
    list: () => ({ rows: hooks.all().map(hooks.view) }),
    save: async (body, actor) => {
      // What was done before is answered as it was, whatever has become of the name since.
      const refused = acts.before(body, actor) ? null : await outgoing.judge(body.url)
      if (refused) return refused
      if (body.webhook === undefined) await gathering.begin()
      const { webhook } = body
      const answer = await once(body, actor, () => (webhook === undefined ? add(body, actor) : change(webhook, body)))
      if (isRefusal(answer)) return answer
      const hook = hooks.one(answer.webhook.webhook)
      if (hook?.state === 'on' && webhook !== undefined) mended(hook)
      delivering.wake(answer.webhook.webhook)
      return answer
    },
    end: async (body, actor) => {
      const answer = await once(body, actor, () => {
        const hook = living(body.webhook)
        if (isRefusal(hook)) return hook
        queue.drop(hook.id)
        hooks.set(hook.id, {
          version: hook.version + 1,
          state: 'ended',
          why: 'person',
          since: now(),
          next: null,
          old_secret: null,
          old_until: null,
        })
        mended(hook)
        return { id: hook.id, secret: null }
      })
      return isRefusal(answer) ? answer : { webhook: answer.webhook }
    },
    rotate: async (body, actor) =>
      once(body, actor, () => {
        const hook = living(body.webhook)
        if (isRefusal(hook)) return hook
        const { secret, sealed } = newSecret(hook.id)
        const old = { old_secret: hook.secret, old_until: now() + OLD_SECRET_MS }
        hooks.set(hook.id, { version: hook.version + 1, secret: sealed, secret_action: body.action, ...old })
        return { id: hook.id, secret }
      }),
    test: async ({ webhook }) => {
      const hook = living(webhook)
      if (isRefusal(hook)) return hook
      const waitMs = (hook.tested ?? Number.NEGATIVE_INFINITY) + TEST_PAUSE_MS - now()
      if (waitMs > 0) return refuse('webhooks.test-too-soon', { seconds: Math.ceil(waitMs / 1_000) })
      hooks.set(hook.id, { tested: now() })
      const told = { id: messageId(random.bytes), event: 'webhook.test', atMs: now() }
      const body = bodyOf(told.event, told.atMs, { webhook: hook.id, name: hook.name })
      const tried = await delivering.send(hook, { id: told.id, body })
      const row = db.transaction(() => {
        const n = queue.add({ ...told, webhook, body })
        queue.note(n, { ...tried, state: tried.trouble ? 'dropped' : 'done' })
        return queue.at(n)
      })()
      return row ? { delivery: row } : refuse('webhooks.unknown', { webhook })
    },
    deliveries: (query) => (hooks.one(query.webhook) ? queue.page(query) : refuse('webhooks.unknown', { webhook: query.webhook })),
    close: () => {
      gathering.close()
      delivering.close()
      opened.close()
    },
  }
}

type Acted = { readonly action: string }

const fieldsOf = ({ name, url, events, sites }: HubBody<'saveWebhook'>) => ({
  ...{ name, url },
  events: JSON.stringify(events),
  sites: JSON.stringify(sites),
})

/** Whoever lets it go on gives the receiver another three days; what is changed while it fails is tried at once. */
const stateOf = (hook: Hook, paused: boolean, nowMs: number) => {
  if (paused) return hook.state === 'paused' ? {} : ({ state: 'paused', why: 'person', since: nowMs, next: null } as const)
  const since = hook.state === 'on' ? hook.since : nowMs
  return { state: 'on', why: null, since, failures: 0, failing: null, next: null, ...(hook.state === 'on' ? {} : { missed: 0 }) } as const
}
