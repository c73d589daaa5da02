import type { WebhookEvent, WebhookView } from '@lotkeeper/protocol/api/hub-webhooks.ts'
import type { Database } from '../database.ts'

/** The rows of webhooks, read and written; each method is one statement, callers put them into transactions. */
export interface Hooks {
  readonly one: (id: string) => Hook | null
  /** Newest first. */
  readonly all: () => readonly Hook[]
  /** Those that are still told things, now or later. */
  readonly living: () => readonly Hook[]
  readonly add: (hook: NewHook) => void
  /** Changes the named columns and leaves the others. */
  readonly set: (id: string, changed: Partial<HookColumns>) => void
  readonly view: (hook: Hook) => WebhookView
}

export interface HookColumns {
  readonly version: number
  readonly name: string
  readonly url: string
  readonly events: string
  readonly sites: string
  readonly state: WebhookView['state']
  readonly why: WebhookView['why']
  readonly since: number
  readonly secret: Uint8Array
  readonly secret_action: string
  readonly old_secret: Uint8Array | null
  readonly old_until: number | null
  readonly failures: number
  readonly failing: number | null
  readonly next: number | null
  readonly missed: number
  readonly tested: number | null
  /** JSON of the view's `last`. */
  readonly last: string | null
}
interface Row extends HookColumns {
  readonly id: string
  readonly made: number
  readonly made_by: string
}
export interface Hook extends Omit<Row, 'events' | 'sites'> {
  readonly events: readonly WebhookEvent[]
  readonly sites: WebhookView['sites']
}
export type NewHook = Pick<Row, 'id' | 'name' | 'url' | 'events' | 'sites' | 'state' | 'why' | 'secret' | 'secret_action' | 'made_by'> & {
  readonly atMs: number
}

export const openHooks = (db: Database, now: () => number): Hooks => {
  const one = db.prepare<[string], Row>('select * from webhook where id = ?')
  const all = db.prepare<[], Row>('select * from webhook order by ord desc')
  const living = db.prepare<[], Row>(`select * from webhook where state <> 'ended' order by ord`)
  const add =
    db.prepare(`insert into webhook (id, ord, version, name, url, events, sites, state, why, since, secret, secret_action, made, made_by)
    values (@id, (select coalesce(max(ord), 0) + 1 from webhook), 1, @name, @url, @events, @sites, @state, @why, @atMs, @secret, @secret_action, @atMs, @made_by)`)
  const waiting = db.prepare<[string], number>(`select count(*) from delivery where webhook = ? and state = 'waiting'`).pluck()
  return {
    one: (id) => hookOf(one.get(id)),
    all: () => all.all().flatMap((row) => hookOf(row) ?? []),
    living: () => living.all().flatMap((row) => hookOf(row) ?? []),
    add: (hook) => void add.run(hook),
    set: (id, changed) => {
      const names = Object.keys(changed)
      if (names.length > 0)
        db.prepare(`update webhook set ${names.map((name) => `${name} = @${name}`).join(', ')} where id = @id`).run({ ...changed, id })
    },
    view: (hook) => ({
      ...{ webhook: hook.id, version: hook.version, name: hook.name, url: hook.url, events: [...hook.events], sites: hook.sites },
      ...{ state: hook.state, why: hook.why, since: instant(hook.since), waiting: waiting.get(hook.id) ?? 0, missed: hook.missed },
      ...{ failures: hook.failures, failingSince: instantOr(hook.failing), nextAt: instantOr(hook.next) },
      last: hook.last === null ? null : (JSON.parse(hook.last) as WebhookView['last']),
      ...{
        oldSecretUntil: hook.old_until !== null && hook.old_until > now() ? instant(hook.old_until) : null,
        madeAt: instant(hook.made),
        madeBy: hook.made_by,
      },
    }),
  }
}

const hookOf = (row: Row | undefined): Hook | null =>
  row ? { ...row, events: JSON.parse(row.events) as WebhookEvent[], sites: JSON.parse(row.sites) as WebhookView['sites'] } : null

const instant = (ms: number): string => new Date(ms).toISOString()
const instantOr = (ms: number | null): string | null => (ms === null ? null : instant(ms))
