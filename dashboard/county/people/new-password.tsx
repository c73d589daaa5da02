import { PASSWORD_LETTERS_MIN, passwordFault } from '@lotkeeper/protocol/rules/password.ts'
import { Form, Input } from 'antd'
import { Icon } from '../../parts/icons.tsx'
import { type CountySay, useSay } from '../words.ts'
import './people.css'

/** A new password, twice, judged while one types by the rule the hub goes by. Fields `next` and `again` of the form; `login` may not stand in it. */
export const NewPassword = ({ login }: { readonly login: string }) => {
  const say = useSay()
  const form = Form.useFormInstance()
  const next: string = Form.useWatch('next', form) ?? ''
  const again: string = Form.useWatch('again', form) ?? ''
  return (
    <>
      <Form.Item
        name="next"
        label={say('password.new')}
        rules={[{ validator: (_, typed?: string) => verdict(faultText(typed ?? '', login, say)) }]}
        validateTrigger="onSubmit"
      >
        <Input.Password autoComplete="new-password" maxLength={200} data-testid="new-password" />
      </Form.Item>
      <ul className="password-rules" data-testid="password-rules" aria-live="polite">
        {rulesOf(next, again, login).map(({ rule, is }) => (
          <li key={rule} className={is ? 'rule-met' : ''} data-met={is}>
            <Icon name={is ? 'ok' : 'level-recorded'} size={16} />
            {say(`password.rule-${rule}`, { n: PASSWORD_LETTERS_MIN })}
          </li>
        ))}
      </ul>
      <Form.Item
        name="again"
        label={say('password.again')}
        rules={[{ validator: (_, typed?: string) => verdict(typed === form.getFieldValue('next') ? null : say('password.differs')) }]}
        validateTrigger="onSubmit"
      >
        <Input.Password autoComplete="new-password" maxLength={200} data-testid="new-password-again" />
      </Form.Item>
    </>
  )
}

/** Each rule, and whether what is typed keeps it. */
const rulesOf = (next: string, again: string, login: string) => {
  const fault = passwordFault(next, login)
  return [
    { rule: 'long', is: fault !== 'short' },
    { rule: 'rare', is: fault === null },
    { rule: 'twice', is: next !== '' && next === again },
  ] as const
}

const faultText = (typed: string, login: string, say: CountySay): string | null => {
  const fault = passwordFault(typed, login)
  if (fault === null) return null
  return fault === 'short' ? say('password.rule-long', { n: PASSWORD_LETTERS_MIN }) : say('password.common')
}

const verdict = (text: string | null): Promise<void> => (text === null ? Promise.resolve() : Promise.reject(new Error(text)))
