import type { StockRow } from '@lotkeeper/protocol/api/views.ts'
import { Icon, type IconName } from './icons.tsx'
import { type Say, useSayIn } from './language.ts'
import { SHARED_TEXTS } from './texts.ts'

type Standing = Pick<StockRow, 'expiryState' | 'daysLeft'>

/** How a lot stands against its expiry: shape, word and colour say the same, so any one of them is enough. */
export const ExpiryMark = ({ row, brief = false }: { readonly row: Standing; readonly brief?: boolean }) => {
  const say = useSayIn(SHARED_TEXTS)
  return (
    <span className={`mark mark-${row.expiryState}`} data-expiry={row.expiryState}>
      <Icon name={EXPIRY_ICONS[row.expiryState]} size={16} />
      {brief ? say(`expiry.${row.expiryState}`) : expiryWords(row, say)}
    </span>
  )
}

/** `近效期 · 剩 12 天` */
export const expiryWords = (row: Standing, say: Say<typeof SHARED_TEXTS>): string => {
  const left = daysWords(row.daysLeft, say)
  if (row.expiryState === 'unknown' || left === null) return say(`expiry.${row.expiryState}`)
  return row.expiryState === 'near' ? `${say('expiry.near')} · ${left}` : left
}

const daysWords = (daysLeft: number | null, say: Say<typeof SHARED_TEXTS>): string | null => {
  if (daysLeft === null) return null
  if (daysLeft < 0) return say('expiry.past', { n: -daysLeft })
  return daysLeft === 0 ? say('expiry.last-day') : say('expiry.left', { n: daysLeft })
}

const EXPIRY_ICONS: Readonly<Record<Standing['expiryState'], IconName>> = { ok: 'ok', near: 'near', expired: 'expired', unknown: 'unknown' }
