import { Form, Input } from 'antd'
import { useSay } from '../words.ts'

/** The present password, asked again where a session alone should not be enough. Field `password`. */
export const OwnPassword = () => {
  const say = useSay()
  return (
    <Form.Item name="password" label={say('account.password-now')} rules={[{ required: true, message: say('sign-in.password-missing') }]}>
      <Input.Password autoComplete="current-password" maxLength={200} data-testid="own-password" />
    </Form.Item>
  )
}
