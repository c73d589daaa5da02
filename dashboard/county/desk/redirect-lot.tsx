import type { ProvisionalView } from '@lotkeeper/protocol/api/hub-provisionals.ts'
import { lotKey } from '@lotkeeper/protocol/names.ts'
import { Form, Select } from 'antd'
import { useState } from 'react'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { useHub } from '../county.ts'
import { useSay } from '../words.ts'
import type { LotSeenBy } from './met.ts'
import { type Redirect, RedirectPaper } from './redirect-paper.tsx'

/** Says which lot of the same item it really is: one that is written alike, one in stock, or one found by the beginning of its number. */
export const RedirectLotModal = ({ one, met, to, onClose, onDecided }: RedirectLotLine) => {
  const say = useSay()
  const [form] = Form.useForm<Redirect>()
  const chosen = Form.useWatch('to', form) as string | undefined
  const lot = met.lotNumber
  const target = chosen === undefined ? '…' : numberOf(chosen)
  return (
    <RedirectPaper
      entry={one.entry}
      form={form}
      title={say('desk.redirect-title', { name: lot })}
      to={to}
      label={say('desk.lot-redirect-to')}
      pick={<PickLot one={one} met={met} autoFocus={to === null} />}
      follows={(['sees', 'kept', 'next', 'undo'] as const).map((word) => say(`desk.lot-${word}`, { lot, to: target }))}
      done={say('desk.lot-redirected-done', { name: lot, to: target })}
      onClose={onClose}
      onDecided={onDecided}
    />
  )
}

interface RedirectLotLine {
  readonly one: ProvisionalView
  readonly met: LotSeenBy
  /** Key of the candidate it was taken from. */
  readonly to: string | null
  readonly onClose: () => void
  readonly onDecided: () => void
}

/** Lots of that item; without a word those written alike, then those in stock. */
const PickLot = ({ one, met, value, onChange, autoFocus }: PickLotLine) => {
  const say = useSay()
  const { language } = useLanguage()
  const [search, setSearch] = useState('')
  const wish = search.trim()
  const stock = useHub('stock', wish === '' ? { item: met.item, limit: LOTS_MAX } : null)
  const found = useHub('find', wish === '' ? null : { text: wish, limit: LOTS_MAX })
  const labels = new Map<string, string>()
  const offer = (lot: string, ...about: readonly string[]): void => {
    if (lot.startsWith(`${met.item}/`) && lot !== lotKey(met.item, met.lotNumber) && !labels.has(lot))
      labels.set(lot, [numberOf(lot), ...about].filter(Boolean).join(' · '))
  }
  if (wish === '') for (const { id, detail, score } of one.suggestions) offer(id, detail, say('desk.why-lot', { n: score }))
  for (const { lot, expiry, units, unit } of stock.value?.rows ?? [])
    offer(lot, expiry ?? '', `${numberText(units)} ${nameIn(unit, language)}`)
  for (const { is, id } of found.value?.rows ?? []) if (is === 'lot') offer(id)
  // What is chosen keeps its name whatever is looked for next.
  if (value !== undefined) offer(value)
  return (
    <Select
      value={value ?? null}
      onChange={(lot: string) => onChange?.(lot)}
      showSearch={{ filterOption: false, onSearch: setSearch }}
      loading={stock.asking || found.asking}
      placeholder={say('desk.lot-pick')}
      notFoundContent={say(stock.asking || found.asking ? 'page.loading' : 'pick.none')}
      options={[...labels].map(([lot, label]) => ({ value: lot, label }))}
      style={{ width: '100%' }}
      autoFocus={autoFocus}
      data-testid="desk-redirect-to"
    />
  )
}

interface PickLotLine extends Pick<RedirectLotLine, 'one' | 'met'> {
  readonly value?: string
  readonly onChange?: (lot: string) => void
  readonly autoFocus: boolean
}

const numberOf = (lot: string): string => lot.slice(lot.indexOf('/') + 1)
const LOTS_MAX = 50
