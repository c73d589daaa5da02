import type { WebhookView } from '@lotkeeper/protocol/api/hub-webhooks.ts'
import { Button } from 'antd'
import { useContext, useEffect, useState } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { useNowMs } from '../../parts/now.ts'
import { ShelfContext } from '../../parts/shelf.ts'
import { EmptyNote, TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { useHub, useMoments, useSites } from '../county.ts'
import { Sheet } from '../parts/sheet.tsx'
import { useSay } from '../words.ts'
import { WebhookActs } from './acts.tsx'
import { Deliveries } from './deliveries.tsx'
import { standingOf } from './events.ts'
import { WebhookDrawer } from './form.tsx'
import { SecretModal } from './secret.tsx'
import './webhooks.css'

/** Who is told what happens: each receiver with how it fares, and in words what is wrong with it. */
export const WebhooksPage = () => {
  const say = useSay()
  const shelf = useContext(ShelfContext)
  const read = useHub('webhooks')
  const [edited, setEdited] = useState<WebhookView | 'new' | null>(null)
  const [secret, setSecret] = useState<string | null>(null)
  const renew = (): void => shelf.renew('webhooks ', 'webhookDeliveries ')
  // What happens at receivers is no change of the ledger, so the live view does not tell of it.
  useEffect(() => {
    const timer = setInterval(() => shelf.renew('webhooks '), LOOK_AGAIN_MS)
    return () => clearInterval(timer)
  }, [shelf])
  return (
    <Sheet
      title={say('webhooks.title')}
      hint={say('webhooks.hint')}
      aside={
        <Button type="primary" icon={<Icon name="plus" size={18} />} onClick={() => setEdited('new')} data-testid="webhook-new">
          {say('webhooks.new')}
        </Button>
      }
    >
      {read.trouble && <TroubleNote trouble={read.trouble} again={renew} />}
      {!read.value && !read.trouble && <Waiting rows={6} />}
      {read.value?.rows.length === 0 && <EmptyNote title={say('webhooks.none')} hint={say('webhooks.none-hint')} />}
      <ul className="webhook-lines">
        {read.value?.rows.map((row) => (
          <WebhookLine key={row.webhook} row={row} onEdit={() => setEdited(row)} onSecret={setSecret} onDone={renew} />
        ))}
      </ul>
      <WebhookDrawer
        open={edited !== null}
        webhook={edited === 'new' ? null : edited}
        onClose={() => setEdited(null)}
        onSaved={(made) => {
          setEdited(null)
          setSecret(made.secret)
          renew()
        }}
      />
      <SecretModal secret={secret} onClose={() => setSecret(null)} />
    </Sheet>
  )
}

/** How soon a person sees that a receiver is up again. */
const LOOK_AGAIN_MS = 10_000

interface Line {
  readonly row: WebhookView
  readonly onEdit: () => void
  readonly onSecret: (secret: string | null) => void
  readonly onDone: () => void
}

const WebhookLine = ({ row, onEdit, onSecret, onDone }: Line) => {
  const say = useSay()
  const [shown, setShown] = useState(false)
  const standing = standingOf(row)
  return (
    <li className={`webhook-line webhook-${standing}`} data-testid="webhook" data-state={standing}>
      <div className="webhook-head">
        <span className="webhook-words">
          <span className="webhook-name">
            <b>{row.name}</b>
            <span className={`mark ${MARKS[standing]}`}>{say(`webhooks.state-${standing}`)}</span>
          </span>
          <small className="mono webhook-url">{row.url}</small>
          <Wanted row={row} />
        </span>
        <WebhookActs row={row} onEdit={onEdit} onSecret={onSecret} onDone={onDone} />
      </div>
      <Fares row={row} />
      <footer className="webhook-foot">
        <Counts row={row} />
        <button
          type="button"
          className="quiet-button"
          onClick={() => setShown(!shown)}
          aria-expanded={shown}
          data-testid="webhook-deliveries"
        >
          <Icon name={shown ? 'minus' : 'list'} size={16} />
          {say('webhooks.deliveries')}
        </button>
      </footer>
      {shown && <Deliveries webhook={row.webhook} />}
    </li>
  )
}

const MARKS = { on: 'mark-ok', failing: 'mark-near', paused: 'mark-bad', ended: 'mark-plain' } as const

const Wanted = ({ row }: { readonly row: WebhookView }) => {
  const say = useSay()
  const { language } = useLanguage()
  const sites = useSites()
  const where =
    row.sites === 'all' ? say('webhooks.sites-all') : row.sites.map((site) => nameOr(sites.get(site)?.name, site, language)).join('、')
  return (
    <small className="soft">
      {row.events.map((event) => say(`webhook-event.${event}`)).join(' · ')} · {where}
    </small>
  )
}

const nameOr = (name: { readonly zh: string; readonly en: string } | undefined, id: string, language: 'zh' | 'en'): string =>
  name ? nameIn(name, language) : id

/** What is wrong, and what a person may do about it. */
const Fares = ({ row }: { readonly row: WebhookView }) => {
  const say = useSay()
  const { language } = useLanguage()
  const moments = useMoments()
  const nowMs = useNowMs()
  const trouble = row.failures > 0 && row.state !== 'ended' ? row.last?.trouble : null
  if (!trouble && row.why === null) return null
  return (
    <div className="webhook-trouble" role="status" data-testid="webhook-trouble">
      {row.why !== null && <span>{say(`webhooks.why-${row.why}`)}</span>}
      {trouble && <strong>{nameIn(trouble, language)}</strong>}
      {row.nextAt !== null && row.state === 'on' && (
        <span>{say('webhooks.next', { n: row.failures, at: moments.short(row.nextAt, nowMs) })}</span>
      )}
    </div>
  )
}

const Counts = ({ row }: { readonly row: WebhookView }) => {
  const say = useSay()
  const moments = useMoments()
  const nowMs = useNowMs()
  const at = row.last && moments.short(row.last.at, nowMs)
  const last = at === null ? say('webhooks.last-never') : say(row.last?.trouble ? 'webhooks.last' : 'webhooks.last-came', { at })
  return (
    <span className="webhook-counts faint">
      <span>{last}</span>
      {row.waiting > 0 && <span className="webhook-waiting">{say('webhooks.waiting', { n: numberText(row.waiting) })}</span>}
      {row.missed > 0 && <span className="webhook-missed">{say('webhooks.missed', { n: numberText(row.missed) })}</span>}
      {row.oldSecretUntil !== null && <span>{say('webhooks.old-secret', { at: moments.short(row.oldSecretUntil, nowMs) })}</span>}
      <span>{say('webhooks.made', { by: row.madeBy, at: moments.short(row.madeAt, nowMs) })}</span>
    </span>
  )
}
