import { App, Form, Input } from 'antd'
import { useCounty } from '../county.ts'
import { LockNote, useLock } from '../people/use-lock.tsx'
import { useOnce } from '../people/use-once.ts'
import { useSay } from '../words.ts'
import { FormActs } from './form-acts.tsx'
import { OwnPassword } from './own-password.tsx'
import { AccountPart } from './part.tsx'

/** Sets one's own PIN at the nodes of one's sites. */
export const PinPart = () => {
  const say = useSay()
  return (
    <AccountPart name="pin" title={say('account.pin')} hint={say('account.pin-hint')} change={say('account.pin-set')}>
      {(close) => <PinForm onClose={close} />}
    </AccountPart>
  )
}

interface Asked {
  readonly password: string
  readonly pin: string
}

const PinForm = ({ onClose }: { readonly onClose: () => void }) => {
  const say = useSay()
  const { hub } = useCounty()
  const { message } = App.useApp()
  const set = useOnce(({ password, pin }: Asked) => hub.ask('setOwnPin', { body: { password, pin } }))
  const left = useLock(set.trouble)
  const send = async (asked: Asked): Promise<void> => {
    if (!(await set.send(asked))?.ok) return
    void message.success(say('account.pin-done'))
    onClose()
  }
  return (
    <Form layout="vertical" requiredMark={false} onFinish={(asked: Asked) => void send(asked)} disabled={set.sending}>
      <OwnPassword />
      <PinFields />
      <LockNote trouble={set.trouble} left={left} />
      <FormActs text={say('account.pin-set')} sending={set.sending} left={left} onCancel={onClose} />
    </Form>
  )
}

/** A PIN, twice: what nobody sees while typing is easily mistyped. Fields `pin` and `again`. */
export const PinFields = () => {
  const say = useSay()
  return (
    <div className="form-pair">
      <Form.Item
        name="pin"
        label={say('account.pin-new')}
        rules={[{ required: true, pattern: PIN_SHAPE, message: say('account.pin-wrong') }]}
      >
        <Input.Password autoComplete="off" inputMode="numeric" maxLength={8} data-testid="pin" />
      </Form.Item>
      <Form.Item
        name="again"
        label={say('account.pin-again')}
        dependencies={['pin']}
        rules={[
          ({ getFieldValue }) => ({
            validator: (_, typed?: string) =>
              typed === getFieldValue('pin') ? Promise.resolve() : Promise.reject(new Error(say('password.differs'))),
          }),
        ]}
      >
        <Input.Password autoComplete="off" inputMode="numeric" maxLength={8} data-testid="pin-again" />
      </Form.Item>
    </div>
  )
}

const PIN_SHAPE = /^[0-9]{4,8}$/
