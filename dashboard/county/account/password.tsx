import { App, Form } from 'antd'
import { useContext } from 'react'
import { ShelfContext } from '../../parts/shelf.ts'
import { useCounty } from '../county.ts'
import { NewPassword } from '../people/new-password.tsx'
import { LockNote, useLock } from '../people/use-lock.tsx'
import { useOnce } from '../people/use-once.ts'
import { useSay } from '../words.ts'
import { FormActs } from './form-acts.tsx'
import { OwnPassword } from './own-password.tsx'
import { AccountPart } from './part.tsx'

/** Changes one's own password; every other session of one's own ends by it. */
export const PasswordPart = () => {
  const say = useSay()
  return (
    <AccountPart name="password" title={say('account.password')} hint={say('account.password-hint')} change={say('account.change')}>
      {(close) => <PasswordForm onClose={close} />}
    </AccountPart>
  )
}

const PasswordForm = ({ onClose }: { readonly onClose: () => void }) => {
  const say = useSay()
  const { hub } = useCounty()
  const shelf = useContext(ShelfContext)
  const { message } = App.useApp()
  const change = useOnce(({ password, next }: { readonly password: string; readonly next: string }) =>
    hub.ask('changePassword', { body: { password, next } }),
  )
  const left = useLock(change.trouble)
  const send = async (asked: { readonly password: string; readonly next: string }): Promise<void> => {
    if (!(await change.send(asked))?.ok) return
    void message.success(say('account.password-done'))
    shelf.renew('ownSessions ')
    onClose()
  }
  return (
    <Form layout="vertical" requiredMark={false} onFinish={(asked) => void send(asked)} disabled={change.sending}>
      <OwnPassword />
      {/* The login is not known here: the hub judges whether it stands in the password. */}
      <NewPassword login="" />
      <LockNote trouble={change.trouble} left={left} />
      <FormActs text={say('account.change')} sending={change.sending} left={left} onCancel={onClose} />
    </Form>
  )
}
