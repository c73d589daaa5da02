import type { UserView } from '@lotkeeper/protocol/api/hub-people.ts'
import { App, Button, Form, Modal } from 'antd'
import { useAct } from '../../parts/act.ts'
import { TroubleNote } from '../../parts/trouble.tsx'
import { PinFields } from '../account/pin.tsx'
import { useCounty } from '../county.ts'
import { useSay } from '../words.ts'
import '../parts/forms.css'

interface PinLine {
  readonly one: UserView
  readonly onChanged: () => void
  readonly onClose: () => void
}

/** Gives somebody a PIN at the nodes of their sites, or takes it away. */
export const PinModal = ({ one, onChanged, onClose }: PinLine) => {
  const say = useSay()
  const { hub } = useCounty()
  const { message } = App.useApp()
  const [form] = Form.useForm<{ readonly pin: string }>()
  const set = useAct((action, pin: string | null) => hub.ask('setPin', { body: { action, user: one.user, pin } }))
  const send = async (pin: string | null): Promise<void> => {
    if (!(await set.send(pin))?.ok) return
    void message.success(say(pin === null ? 'user.pin-taken' : 'account.pin-done'))
    onChanged()
    onClose()
  }
  return (
    <Modal
      open
      title={say('user.pin-title', { name: one.name })}
      onCancel={onClose}
      footer={
        <>
          {one.hasPin && (
            <Button danger disabled={set.state === 'sending'} onClick={() => void send(null)} data-testid="pin-take">
              {say('user.pin-take')}
            </Button>
          )}
          <Button onClick={onClose}>{say('page.cancel')}</Button>
          <Button type="primary" loading={set.state === 'sending'} onClick={form.submit} data-testid="pin-send">
            {say('account.pin-set')}
          </Button>
        </>
      }
    >
      <p className="form-hint">{say('user.pin-means')}</p>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={({ pin }) => void send(pin)}>
        <PinFields />
        {set.trouble && <TroubleNote trouble={set.trouble} />}
      </Form>
    </Modal>
  )
}
