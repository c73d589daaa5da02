import { hash } from 'node:crypto'
import { canonicalText } from '@lotkeeper/protocol/ledger/canonical.ts'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Database } from '../database.ts'
import type { Hook } from './hooks.ts'

/** Acts that were done: a repeated one is answered again and changes nothing; the same action for anything else, or by anybody else, is refused. */
export interface Acts {
  /** What it was answered with, a refusal, or `null` when it is new. A secret is shown again only while its maker may still wait for it. */
  readonly before: (
    body: { readonly action: string },
    actor: string,
  ) => { readonly id: string; readonly secret: string | null } | Refusal | null
  readonly keep: (body: { readonly action: string }, actor: string, webhook: string) => void
}

/** So long a lost answer may be asked for again with its secret: a page tries again within seconds, a person within minutes. */
export const SECRET_AGAIN_MS = 600_000
const ACTS_KEPT_MS = 30 * 86_400_000

export const openActs = (parts: {
  readonly db: Database
  readonly now: () => number
  readonly shown: (webhook: string) => Hook | null
  readonly secretIn: (hook: Hook) => string | null
}): Acts => {
  const { db, now } = parts
  const get = db.prepare<[string], Row>('select * from act where action = ?')
  const put = db.prepare('insert into act values (?, ?, ?, ?, ?)')
  const prune = db.prepare('delete from act where at < ?')
  return {
    before: (body, actor) => {
      const row = get.get(body.action)
      if (!row) return null
      if (row.actor !== actor || row.asked !== digestOf(body)) return refuse('api.action-reused')
      const hook = parts.shown(row.webhook)
      const isItsSecret = hook?.secret_action === body.action && now() - row.at < SECRET_AGAIN_MS
      return { id: row.webhook, secret: hook && isItsSecret ? parts.secretIn(hook) : null }
    },
    keep: (body, actor, webhook) => {
      prune.run(now() - ACTS_KEPT_MS)
      put.run(body.action, actor, digestOf(body), webhook, now())
    },
  }
}

interface Row {
  readonly actor: string
  readonly asked: string
  readonly webhook: string
  readonly at: number
}

const digestOf = (body: object): string => hash('sha256', canonicalText(body))
