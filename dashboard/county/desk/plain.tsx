import type { ProvisionalView } from '@lotkeeper/protocol/api/hub-provisionals.ts'
import { App, Button, Form, Input, Modal } from 'antd'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { TroubleNote } from '../../parts/trouble.tsx'
import { useSay } from '../words.ts'
import { useDecide } from './use-desk.ts'

/** The answers that need no record: a tag or a lot is confirmed as it was met, or a conflict is opened with its reason. */
export const PlainModal = ({ one, answer, onClose, onDecided }: PlainLine) => {
  const say = useSay()
  const { language } = useLanguage()
  const { message } = App.useApp()
  const [form] = Form.useForm<{ readonly reason?: string }>()
  const decide = useDecide()
  const { met } = one
  const name = met.is === 'item' ? nameIn(met.name, language) : met.is === 'tag' ? met.epc : met.lotNumber
  const send = async ({ reason }: { readonly reason?: string }): Promise<void> => {
    const said = reason?.trim() ? { reason: reason.trim() } : {}
    if (!(await decide.send({ entry: one.entry, answer, ...said }))?.ok) return
    void message.success(say(answer === 'confirm' ? 'desk.confirmed-done' : 'desk.conflict-done', { name }))
    onDecided()
  }
  return (
    <Modal
      open
      title={say(answer === 'conflict' ? 'desk.conflict-title' : met.is === 'lot' ? 'desk.lot-title' : 'desk.tag-title', { name })}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{say('page.cancel')}</Button>
          <Button
            type="primary"
            danger={answer === 'conflict'}
            loading={decide.state === 'sending'}
            onClick={form.submit}
            data-testid="desk-send"
          >
            {say(answer === 'confirm' ? 'desk.confirm' : 'desk.conflict')}
          </Button>
        </>
      }
    >
      <ul className="consequences">
        {wordsOf(one, answer).map((word) => (
          <li key={word}>
            <Icon name="forward" size={16} />
            <span>{say(word)}</span>
          </li>
        ))}
      </ul>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(asked) => void send(asked)}>
        <Form.Item
          name="reason"
          extra={say('form.no-names')}
          label={say(answer === 'confirm' ? 'desk.reason-if-any' : 'desk.reason')}
          rules={answer === 'confirm' ? [] : [{ required: true, whitespace: true, message: say('form.needed') }]}
        >
          <Input.TextArea
            autoFocus
            autoSize={{ minRows: 2, maxRows: 6 }}
            maxLength={500}
            onPressEnter={(event) => {
              if (event.shiftKey) return
              event.preventDefault()
              form.submit()
            }}
            data-testid="desk-reason"
          />
        </Form.Item>
        {decide.trouble && <TroubleNote trouble={decide.trouble} />}
      </Form>
    </Modal>
  )
}

interface PlainLine {
  readonly one: ProvisionalView
  readonly answer: 'confirm' | 'conflict'
  readonly onClose: () => void
  readonly onDecided: () => void
}

/** What follows, told before it is sent. */
const wordsOf = ({ met }: ProvisionalView, answer: PlainLine['answer']) => {
  if (answer === 'confirm') return met.is === 'lot' ? (['desk.lot-stands', 'desk.lot-no-more'] as const) : TAG_CONFIRMED
  if (met.is === 'tag') return ['desk.conflict-tag', 'desk.conflict-listed'] as const
  return ['desk.conflict-sees', met.is === 'lot' ? 'desk.conflict-lot' : 'desk.conflict-goes-on', 'desk.conflict-listed'] as const
}
const TAG_CONFIRMED = ['desk.tag-registered', 'desk.tag-moves-nothing'] as const
