import { Form, Input } from 'antd'
import { NewPassword } from '../people/new-password.tsx'
import { useOnce } from '../people/use-once.ts'
import { useSay } from '../words.ts'
import { DoorForm } from './door-form.tsx'
import type { DoorFace } from './password-form.tsx'

interface Asked {
  readonly code: string
  readonly login: string
  readonly name: string
  readonly next: string
}

/** Makes the first administrator of a new county, by the code its hub showed at the start. */
export const SetUpForm = ({ hub, onSignedIn }: DoorFace) => {
  const say = useSay()
  const [form] = Form.useForm<Asked>()
  const login: string = Form.useWatch('login', form) ?? ''
  const make = useOnce(({ code, name, next, ...asked }: Asked) =>
    hub.ask('setUp', { body: { code: code.trim(), login: asked.login.trim(), name: name.trim(), password: next } }),
  )
  const send = async (asked: Asked): Promise<void> => {
    const answer = await make.send(asked)
    if (answer?.ok) onSignedIn(answer.value)
  }
  return (
    <DoorForm form={form} asking={make} hint={say('set-up.hint')} enter={say('set-up.make')} testId="set-up-submit" onFinish={send}>
      <Form.Item
        name="code"
        label={say('set-up.code')}
        extra={say('set-up.code-hint')}
        rules={[{ required: true, whitespace: true, message: say('form.needed') }]}
      >
        <Input autoFocus autoComplete="off" maxLength={64} className="mono" data-testid="set-up-code" />
      </Form.Item>
      <div className="form-pair">
        <LoginField />
        <Form.Item name="name" label={say('user.name')} rules={[{ required: true, whitespace: true, message: say('form.needed') }]}>
          <Input autoComplete="name" maxLength={120} data-testid="set-up-name" />
        </Form.Item>
      </div>
      <NewPassword login={login.trim()} />
    </DoorForm>
  )
}

const LoginField = () => {
  const say = useSay()
  return (
    <Form.Item
      name="login"
      label={say('sign-in.user')}
      rules={[{ required: true, pattern: LOGIN_SHAPE, message: say('user.login-wrong') }]}
    >
      <Input autoComplete="username" maxLength={64} data-testid="set-up-login" />
    </Form.Item>
  )
}

const LOGIN_SHAPE = /^\s*[\p{L}\p{N}][\p{L}\p{N}._@-]*\s*$/u
