import type { HubAnswer } from '@lotkeeper/protocol/api/hub.ts'
import { Form, Input } from 'antd'
import { useState } from 'react'
import type { Hub } from '../hub.ts'
import { useOnce } from '../people/use-once.ts'
import { useSay } from '../words.ts'
import { DoorForm } from './door-form.tsx'

/** What each face of the door is given. */
export interface DoorFace {
  readonly hub: Hub
  readonly onSignedIn: (session: HubAnswer<'session'>) => void
  /** Nobody has been made yet: the first set-up comes first. */
  readonly onSetUpNeeded: () => void
}

interface Asked {
  readonly user: string
  readonly password: string
  readonly code?: string
}

/** User and password; and the six digits of an authenticator app where the hub asks for them, what was typed standing as it was. */
export const PasswordForm = ({ hub, onSignedIn, onSetUpNeeded }: DoorFace) => {
  const say = useSay()
  const [needsCode, setNeedsCode] = useState(false)
  const enter = useOnce((body: Asked) => hub.ask('signIn', { body }))
  const signIn = async ({ user, password, code }: Asked): Promise<void> => {
    const answer = await enter.send({ user: user.trim(), password, ...(needsCode && code ? { code: code.replaceAll(/\s/g, '') } : {}) })
    if (!answer) return
    if (answer.ok) onSignedIn(answer.value)
    else if (answer.trouble.code === 'access.set-up-needed') onSetUpNeeded()
    else if (answer.trouble.code === 'access.totp-needed') setNeedsCode(true)
  }
  const isAsked = enter.trouble?.code === 'access.totp-needed'
  return (
    <DoorForm asking={enter} enter={say('sign-in.enter')} testId="sign-in-submit" isNoteless={isAsked} onFinish={signIn}>
      <Form.Item name="user" label={say('sign-in.user')} rules={[{ required: true, message: say('sign-in.user-missing') }]}>
        <Input autoFocus autoComplete="username" maxLength={64} data-testid="sign-in-user" />
      </Form.Item>
      <Form.Item name="password" label={say('sign-in.password')} rules={[{ required: true, message: say('sign-in.password-missing') }]}>
        <Input.Password autoComplete="current-password" maxLength={200} data-testid="sign-in-password" />
      </Form.Item>
      {needsCode && (
        <Form.Item
          name="code"
          label={say('totp.code')}
          extra={say('totp.code-hint')}
          rules={[{ required: true, message: say('totp.code-missing') }]}
        >
          <Input autoFocus autoComplete="one-time-code" inputMode="numeric" maxLength={16} className="mono" data-testid="sign-in-code" />
        </Form.Item>
      )}
    </DoorForm>
  )
}
