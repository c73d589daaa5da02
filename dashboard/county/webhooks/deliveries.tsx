import type { DeliveryRow } from '@lotkeeper/protocol/api/hub-webhooks.ts'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { useNowMs } from '../../parts/now.ts'
import { TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { useHubPages, useMoments } from '../county.ts'
import { MoreRows } from '../parts/rows.tsx'
import { useSay } from '../words.ts'

/** What one webhook was told, newest first, with what was answered. */
export const Deliveries = ({ webhook }: { readonly webhook: string }) => {
  const say = useSay()
  const pages = useHubPages('webhookDeliveries', { webhook, limit: 20 })
  return (
    <div className="webhook-past">
      {pages.trouble && <TroubleNote trouble={pages.trouble} again={pages.renew} />}
      {!pages.rows && !pages.trouble && <Waiting rows={3} />}
      {pages.rows?.length === 0 && <p className="faint">{say('webhooks.deliveries-none')}</p>}
      <ul>
        {pages.rows?.map((row) => (
          <DeliveryLine key={row.id} row={row} />
        ))}
      </ul>
      <MoreRows pages={pages} />
    </div>
  )
}

const DeliveryLine = ({ row }: { readonly row: DeliveryRow }) => {
  const say = useSay()
  const { language } = useLanguage()
  const moments = useMoments()
  const nowMs = useNowMs()
  const answer = row.trouble ? nameIn(row.trouble, language) : row.status === null ? '' : `HTTP ${row.status} · ${row.tookMs} ms`
  return (
    <li className="webhook-delivery" data-testid="delivery" data-state={row.state}>
      <span className={`mark ${row.state === 'done' ? 'mark-ok' : row.trouble ? 'mark-bad' : 'mark-plain'}`}>
        {say(`webhooks.delivery-${row.state}`)}
      </span>
      <span>{say(`webhook-event.${row.event as 'webhook.test'}`)}</span>
      <span className="faint">{moments.exact(row.triedAt ?? row.at, nowMs)}</span>
      <span className="webhook-answer">
        {answer}
        {row.tries > 1 && <small className="faint"> {say('webhooks.tries', { n: row.tries })}</small>}
      </span>
    </li>
  )
}
