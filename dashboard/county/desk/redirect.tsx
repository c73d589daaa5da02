import type { HubAnswer } from '@lotkeeper/protocol/api/hub.ts'
import type { ProvisionalView } from '@lotkeeper/protocol/api/hub-provisionals.ts'
import { App, Button, Form, Input, Modal } from 'antd'
import { useRef } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { TroubleNote } from '../../parts/trouble.tsx'
import { useHub } from '../county.ts'
import { PickRecord } from '../records/pick.tsx'
import { useSay } from '../words.ts'
import type { ItemSeenBy } from './met.ts'
import { useDecide } from './use-desk.ts'

interface Redirect {
  readonly to: string
  readonly reason?: string
}

/** Says which item it really is: found in the box or taken from a candidate, looked at beside what the node wrote, and sent. */
export const RedirectModal = ({ one, met, to, onClose, onDecided }: RedirectLine) => {
  const say = useSay()
  const { language } = useLanguage()
  const { message } = App.useApp()
  const [form] = Form.useForm<Redirect>()
  const chosen = Form.useWatch('to', form) as string | undefined
  const target = useHub('item', chosen === undefined ? null : { item: chosen })
  const decide = useDecide()
  const send = async ({ to: item, reason }: Redirect): Promise<void> => {
    const said = reason?.trim() ? { reason: reason.trim() } : {}
    if (!(await decide.send({ entry: one.entry, answer: 'redirect', to: item, ...said }))?.ok) return
    void message.success(say('desk.redirected-done', { name: nameIn(met.name, language) }))
    onDecided()
  }
  const sendButton = useRef<HTMLButtonElement>(null)
  const found = target.value?.record
  const unlike = found && found.unit.zh !== met.unit.zh
  return (
    <Modal
      open
      width={640}
      title={say('desk.redirect-title', { name: nameIn(met.name, language) })}
      onCancel={onClose}
      // Enter sends what a figure took; where nothing is taken yet one types.
      afterOpenChange={(isOpen) => isOpen && to && sendButton.current?.focus()}
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
        initialValues={to ? { to: to.id } : {}}
        onFinish={(asked) => void send(asked)}
      >
        <Form.Item name="to" label={say('desk.redirect-to')} rules={[{ required: true, message: say('form.needed') }]}>
          <PickRecord
            of="item"
            name={to ? nameIn(to.name, language) : undefined}
            without={met.item}
            autoFocus={!to}
            data-testid="desk-redirect-to"
          />
        </Form.Item>
        {found && <Beside met={met} found={found} />}
        {unlike && (
          <p className="desk-warn" data-testid="desk-unlike">
            <Icon name="warn" size={18} />
            {say('desk.unit-differs')}
          </p>
        )}
        <ul className="consequences">
          {(['sees', 'kept', 'next', 'undo'] as const).map((word) => (
            <li key={word}>
              <Icon name={word === 'undo' ? 'undo' : 'forward'} size={16} />
              <span>{say(`desk.redirect-${word}`, { to: found ? nameIn(found.name, language) : '…' })}</span>
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

/** What the keeper wrote beside what the county has. */
const Beside = ({ met, found }: { readonly met: ItemSeenBy; readonly found: HubAnswer<'item'>['record'] }) => {
  const say = useSay()
  const { language } = useLanguage()
  const lines = [
    [say('field.name'), nameIn(met.name, language), nameIn(found.name, language)],
    [say('field.model'), met.model, found.model],
    [say('field.unit'), nameIn(met.unit, language), nameIn(found.unit, language)],
    [say('field.packs'), packsIn(met.packs), packsIn(found.packs)],
  ] as const
  return (
    <dl className="desk-beside" data-testid="desk-beside">
      <div className="desk-beside-head" aria-hidden="true">
        <dt />
        <dd>{say('desk.beside-site')}</dd>
        <dd>{say('desk.beside-county')}</dd>
      </div>
      {lines.map(([title, mine, theirs]) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd>{mine || say('page.nothing')}</dd>
          <dd>{theirs || say('page.nothing')}</dd>
        </div>
      ))}
    </dl>
  )
}

interface RedirectLine {
  readonly one: ProvisionalView
  readonly met: ItemSeenBy
  /** The candidate it was taken from. */
  readonly to: { readonly id: string; readonly name: { readonly zh: string; readonly en: string } } | null
  readonly onClose: () => void
  readonly onDecided: () => void
}

const packsIn = (packs: ItemSeenBy['packs']): string => packs.map(({ pack, units }) => `${pack} = ${numberText(units)}`).join('、')
