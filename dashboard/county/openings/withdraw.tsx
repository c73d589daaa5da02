import type { OpeningRow } from '@lotkeeper/protocol/api/hub-openings.ts'
import { App, Button, Form, Input, Modal } from 'antd'
import { useContext } from 'react'
import { useAct } from '../../parts/act.ts'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { ShelfContext } from '../../parts/shelf.ts'
import { TroubleNote } from '../../parts/trouble.tsx'
import { useCounty } from '../county.ts'
import { useSay } from '../words.ts'

interface Why {
  readonly reason: string
}

/** Takes one opening balance back that nobody took over, with a reason. */
export const WithdrawModal = ({ row, onClose }: { readonly row: OpeningRow; readonly onClose: () => void }) => {
  const say = useSay()
  const { language } = useLanguage()
  const { hub } = useCounty()
  const shelf = useContext(ShelfContext)
  const { message } = App.useApp()
  const [form] = Form.useForm<Why>()
  const { act, doc } = row
  const withdraw = useAct((action, { reason }: Why) => hub.ask('withdrawOpening', { body: { action, act, reason: reason.trim() } }))
  const send = async (why: Why): Promise<void> => {
    const answer = await withdraw.send(why)
    // A refusal says that the site was faster: what is shown is old then.
    shelf.renew('openings ')
    if (!answer?.ok) return
    void message.success(say('openings.withdrawn', { doc }))
    onClose()
  }
  return (
    <Modal
      open
      title={say('openings.withdraw-title', { doc, site: nameIn(row.siteName, language) })}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{say('page.cancel')}</Button>
          <Button type="primary" danger loading={withdraw.state === 'sending'} onClick={form.submit} data-testid="withdraw-send">
            {say('openings.withdraw')}
          </Button>
        </>
      }
    >
      <p className="soft">{say('openings.withdraw-hint')}</p>
      {withdraw.trouble && <TroubleNote trouble={withdraw.trouble} />}
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(why) => void send(why)}>
        <Form.Item
          name="reason"
          extra={say('form.no-names')}
          label={say('openings.reason')}
          rules={[{ required: true, whitespace: true, message: say('openings.reason') }]}
        >
          <Input.TextArea maxLength={500} rows={3} data-testid="withdraw-reason" />
        </Form.Item>
      </Form>
    </Modal>
  )
}
