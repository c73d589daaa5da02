import type { ProvisionalView } from '@lotkeeper/protocol/api/hub-provisionals.ts'
import { lotKey } from '@lotkeeper/protocol/names.ts'
import { App, Button, Form, Input, Modal, Select } from 'antd'
import { useRef, useState } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { numberText } from '../../parts/moments.ts'
import { TroubleNote } from '../../parts/trouble.tsx'
import { useHub } from '../county.ts'
import { useSay } from '../words.ts'
import type { LotSeenBy } from './met.ts'
import { useDecide } from './use-desk.ts'

/** Says which lot of the same item it really is: one that is written alike, one in stock, or one found by the beginning of its number. */
export const RedirectLotModal = ({ one, met, to, onClose, onDecided }: RedirectLotLine) => {
  const say = useSay()
  const { message } = App.useApp()
  const [form] = Form.useForm<{ readonly to: string; readonly reason?: string }>()
  const chosen = Form.useWatch('to', form) as string | undefined
  const decide = useDecide()
  const sendButton = useRef<HTMLButtonElement>(null)
  const send = async ({ to: lot, reason }: { readonly to: string; readonly reason?: string }): Promise<void> => {
    const said = reason?.trim() ? { reason: reason.trim() } : {}
    if (!(await decide.send({ entry: one.entry, answer: 'redirect', to: lot, ...said }))?.ok) return
    void message.success(say('desk.lot-redirected-done', { name: met.lotNumber, to: numberOf(lot) }))
    onDecided()
  }
  return (
    <Modal
      open
      title={say('desk.redirect-title', { name: met.lotNumber })}
      onCancel={onClose}
      afterOpenChange={(isOpen) => isOpen && to !== null && sendButton.current?.focus()}
      footer={
        <>
          <Button onClick={onClose}>{say('page.cancel')}</Button>
          <Button
            ref={sendButton}
            type="primary"
            loading={decide.state === 'sending'}
            onClick={form.submit}
            data-testid="desk-redirect-send"
          >
            {say('desk.redirect-send')}
          </Button>
        </>
      }
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={to === null ? {} : { to }}
        onFinish={(asked) => void send(asked)}
      >
        <Form.Item name="to" label={say('desk.lot-redirect-to')} rules={[{ required: true, message: say('form.needed') }]}>
          <PickLot one={one} met={met} autoFocus={to === null} />
        </Form.Item>
        <ul className="consequences">
          {(['sees', 'kept', 'next', 'undo'] as const).map((word) => (
            <li key={word}>
              <Icon name={word === 'undo' ? 'undo' : 'forward'} size={16} />
              <span>{say(`desk.lot-${word}`, { lot: met.lotNumber, to: chosen === undefined ? '…' : numberOf(chosen) })}</span>
            </li>
          ))}
        </ul>
        <Form.Item name="reason" label={say('desk.reason-if-any')}>
          <Input maxLength={500} onPressEnter={form.submit} data-testid="desk-reason" />
        </Form.Item>
        {decide.trouble && <TroubleNote trouble={decide.trouble} />}
      </Form>
    </Modal>
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
  const [search, setSearch] = useState('')
  const wish = search.trim()
  const stock = useHub('stock', wish === '' ? { item: met.item, limit: LOTS_MAX } : null)
  const found = useHub('find', wish === '' ? null : { text: wish, limit: LOTS_MAX })
  const labels = new Map<string, string>()
  const offer = (lot: string, about: string): void => {
    if (lot.startsWith(`${met.item}/`) && lot !== lotKey(met.item, met.lotNumber) && !labels.has(lot))
      labels.set(lot, [numberOf(lot), about].filter(Boolean).join(' · '))
  }
  if (wish === '') for (const { id, detail, score } of one.suggestions) offer(id, [detail, say('desk.why-lot', { n: score })].join(' · '))
  for (const { lot, expiry, units, unit } of stock.value?.rows ?? []) offer(lot, `${expiry ?? ''} · ${numberText(units)} ${unit.zh}`)
  for (const { is, id, detail } of found.value?.rows ?? []) if (is === 'lot') offer(id, detail)
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
