import type { ProvisionalView } from '@lotkeeper/protocol/api/hub-provisionals.ts'
import { App, Button, Form, type FormInstance, Input, Modal } from 'antd'
import type { ReactNode } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { TroubleNote } from '../../parts/trouble.tsx'
import { useSay } from '../words.ts'
import { useDecide } from './use-desk.ts'

/** The paper of a redirect: what it is led to, what follows from that, a remark, and the word that sends it. */
export const RedirectPaper = ({
  entry,
  form,
  title,
  width = 520,
  to,
  label,
  pick,
  beside,
  follows,
  done,
  onClose,
  onDecided,
}: PaperLine) => {
  const say = useSay()
  const { message } = App.useApp()
  const decide = useDecide()
  const send = async ({ to: target, reason }: Redirect): Promise<void> => {
    const said = reason?.trim() ? { reason: reason.trim() } : {}
    if (!(await decide.send({ entry, answer: 'redirect', to: target, ...said }))?.ok) return
    void message.success(done)
    onDecided()
  }
  return (
    <Modal
      open
      width={width}
      title={title}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{say('page.cancel')}</Button>
          <Button
            type="primary"
            // Enter sends what a figure took, at once; where nothing is taken yet one types.
            autoFocus={to !== null}
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
        <Form.Item name="to" label={label} rules={[{ required: true, message: say('form.needed') }]}>
          {pick}
        </Form.Item>
        {beside}
        <ul className="consequences">
          {follows.map((words, at) => (
            <li key={words}>
              <Icon name={at === follows.length - 1 ? 'undo' : 'forward'} size={16} />
              <span>{words}</span>
            </li>
          ))}
        </ul>
        <Form.Item name="reason" extra={say('form.no-names')} label={say('desk.reason-if-any')}>
          <Input maxLength={500} onPressEnter={form.submit} data-testid="desk-reason" />
        </Form.Item>
        {decide.trouble && <TroubleNote trouble={decide.trouble} />}
      </Form>
    </Modal>
  )
}

export interface Redirect {
  readonly to: string
  readonly reason?: string
}

interface PaperLine {
  readonly entry: ProvisionalView['entry']
  /** Whoever opens the paper watches in it what is chosen. */
  readonly form: FormInstance<Redirect>
  readonly title: string
  readonly width?: number
  /** What is chosen from the start. */
  readonly to: string | null
  readonly label: string
  /** The field that chooses: a field of a form, so its value comes from there. */
  readonly pick: ReactNode
  /** What stands under the field, for what is chosen. */
  readonly beside?: ReactNode
  /** What follows, told before it is sent; last, how it is mended. */
  readonly follows: readonly string[]
  /** What is said once it is done. */
  readonly done: string
  readonly onClose: () => void
  readonly onDecided: () => void
}
