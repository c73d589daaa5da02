import { Form, Input } from 'antd'
import { NewPassword } from '../people/new-password.tsx'
import { useOnce } from '../people/use-once.ts'
import { useSay } from '../words.ts'
import { DoorForm } from './door-form.tsx'
import type { DoorFace } from './password-form.tsx'

interface Asked {
  readonly user: string
  readonly code: string
  readonly next: string
}

/** Sets a password by the one-time code an administrator gave, and signs in. */
export const CodeForm = ({ hub, onSignedIn }: DoorFace) => {
  const say = useSay()
  const [form] = Form.useForm<Asked>()
  const user: string = Form.useWatch('user', form) ?? ''
  const redeem = useOnce(({ code, next, ...asked }: Asked) =>
    hub.ask('redeemCode', { body: { user: asked.user.trim(), code: code.trim(), password: next } }),
  )
  const send = async (asked: Asked): Promise<void> => {
    const answer = await redeem.send(asked)
    if (answer?.ok) onSignedIn(answer.value)
  }
  return (
    <DoorForm form={form} asking={redeem} hint={say('code.hint')} enter={say('code.enter')} testId="code-submit" onFinish={send}>
      <Form.Item name="user" label={say('sign-in.user')} rules={[{ required: true, message: say('sign-in.user-missing') }]}>
        <Input autoFocus autoComplete="username" maxLength={64} data-testid="code-user" />
      </Form.Item>
      <Form.Item name="code" label={say('code.code')} rules={[{ required: true, whitespace: true, message: say('form.needed') }]}>
        <Input autoComplete="one-time-code" maxLength={64} className="mono" placeholder="abcd-efgh-…" data-testid="code-code" />
      </Form.Item>
      <NewPassword login={user.trim()} />
    </DoorForm>
  )
}
