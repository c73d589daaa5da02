import type { AsideView } from '@lotkeeper/protocol/api/asides.ts'
import type { HubBody } from '@lotkeeper/protocol/api/hub.ts'
import { App, Button, Checkbox, Form, Input, Modal } from 'antd'
import { useContext } from 'react'
import { useAct } from '../../parts/act.ts'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { ShelfContext } from '../../parts/shelf.ts'
import { TroubleNote } from '../../parts/trouble.tsx'
import { useCounty } from '../county.ts'
import { useSay } from '../words.ts'

/** Which of the two decisions. */
export type Verdict = HubBody<'decideAside'>['verdict']

interface Decision {
  readonly reason: string
  readonly sure: boolean
}

/** Confirms a decision: what it does, a reason, and a yes that is said on purpose, for neither can be undone. */
export const DecideModal = ({ one, verdict, onClose, onDecided }: DecisionOn) => {
  const say = useSay()
  const { language } = useLanguage()
  const { hub } = useCounty()
  const shelf = useContext(ShelfContext)
  const { message } = App.useApp()
  const [form] = Form.useForm<Decision>()
  const sure = Form.useWatch('sure', form) === true
  const decide = useAct((action, { reason }: Decision) =>
    hub.ask('decideAside', { body: { action, aside: one.aside, verdict, reason: reason.trim() } }),
  )
  const send = async (asked: Decision): Promise<void> => {
    const answer = await decide.send(asked)
    if (!answer?.ok) return
    void message.success(say(`aside.${verdict}-done`))
    shelf.renew('aside ', 'asides ', 'discrepancies ', 'stock ', 'nodes ')
    onDecided()
    onClose()
  }
  return (
    <Modal
      open
      title={say(`aside.${verdict}-title`, { site: nameIn(one.nodeName, language), n: one.entries })}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{say('page.cancel')}</Button>
          <Button
            type="primary"
            danger={verdict === 'refuse'}
            disabled={!sure}
            loading={decide.state === 'sending'}
            onClick={form.submit}
            data-testid="aside-send"
          >
            {say(`aside.${verdict}`)}
          </Button>
        </>
      }
    >
      <p className="form-hint">{say(`aside.${verdict}-hint`)}</p>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(asked) => void send(asked)}>
        <Form.Item
          name="reason"
          extra={say('form.no-names')}
          label={say('aside.reason')}
          rules={[{ required: true, whitespace: true, message: say('form.needed') }]}
        >
          <Input.TextArea rows={2} maxLength={500} data-testid="aside-reason" />
        </Form.Item>
        <Form.Item name="sure" valuePropName="checked">
          <Checkbox data-testid="aside-sure">{say(`aside.${verdict}-sure`)}</Checkbox>
        </Form.Item>
        {decide.trouble && <TroubleNote trouble={decide.trouble} />}
      </Form>
    </Modal>
  )
}

interface DecisionOn {
  readonly one: AsideView
  readonly verdict: Verdict
  readonly onClose: () => void
  readonly onDecided: () => void
}
