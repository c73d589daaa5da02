import { Button, Form, Input, Modal } from 'antd'
import type { Trouble } from '../../parts/door.ts'
import { TroubleNote } from '../../parts/trouble.tsx'
import { useSay } from '../words.ts'
import '../parts/forms.css'

/** A grave act: what it means, why it is done, and nothing before both are said. */
export const ReasonModal = ({ title, means, act, sending, trouble, onSend, onClose }: ReasonLine) => {
  const say = useSay()
  const [form] = Form.useForm<{ readonly reason: string }>()
  return (
    <Modal
      open
      title={title}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{say('page.cancel')}</Button>
          <Button type="primary" danger loading={sending} onClick={form.submit} data-testid="reason-send">
            {act}
          </Button>
        </>
      }
    >
      <p className="form-hint">{means}</p>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={({ reason }) => onSend(reason.trim())}>
        <Form.Item name="reason" label={say('pass.reason')} rules={[{ required: true, whitespace: true, message: say('form.needed') }]}>
          <Input.TextArea rows={2} maxLength={500} data-testid="reason" />
        </Form.Item>
        {trouble && <TroubleNote trouble={trouble} />}
      </Form>
    </Modal>
  )
}

interface ReasonLine {
  readonly title: string
  readonly means: string
  readonly act: string
  readonly sending: boolean
  readonly trouble: Trouble | null
  readonly onSend: (reason: string) => void
  readonly onClose: () => void
}
