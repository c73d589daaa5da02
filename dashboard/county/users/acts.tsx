import type { UserView } from '@lotkeeper/protocol/api/hub-people.ts'
import { App, Button } from 'antd'
import { useState } from 'react'
import { useAct } from '../../parts/act.ts'
import { TroubleNote } from '../../parts/trouble.tsx'
import { useCounty } from '../county.ts'
import { ReasonModal } from '../people/reason-modal.tsx'
import { useSay } from '../words.ts'
import type { Coded } from './draft.ts'
import { PinModal } from './pin-modal.tsx'

interface ActsLine {
  readonly one: UserView
  /** Nobody ends or resets themselves. */
  readonly isOwn: boolean
  readonly onChanged: () => void
  readonly onCoded: (coded: Coded) => void
}

/** What an administrator does for somebody: keys lost and forgotten, and whether they may come in at all. */
export const UserActs = ({ one, isOwn, onChanged, onCoded }: ActsLine) => {
  const say = useSay()
  const { modal } = App.useApp()
  const [open, setOpen] = useState<'end' | 'pin' | null>(null)
  const acts = useUserActs(one, onChanged, onCoded)
  const sure = (what: 'password' | 'totp' | 'resume', run: () => Promise<void>): void => {
    void modal.confirm({
      title: say(`user.${what}-sure`, { name: one.name }),
      content: say(`user.${what}-means`),
      okText: say(`user.${what}-act`),
      cancelText: say('page.cancel'),
      okButtonProps: { 'data-testid': 'user-sure' },
      onOk: run,
    })
  }
  if (isOwn) return <p className="soft">{say('user.own-acts')}</p>
  const isIn = one.state === 'active'
  return (
    <section data-testid="user-acts">
      <h3>{say('user.acts')}</h3>
      <div className="person-acts">
        {isIn && (
          <Button onClick={() => sure('password', acts.resetPassword)} data-testid="user-reset-password">
            {say('user.password-act')}
          </Button>
        )}
        {one.hasTotp && (
          <Button onClick={() => sure('totp', acts.resetTotp)} data-testid="user-reset-totp">
            {say('user.totp-act')}
          </Button>
        )}
        <Button onClick={() => setOpen('pin')} data-testid="user-pin">
          {say('user.pin-act')}
        </Button>
        {isIn ? (
          <Button danger onClick={() => setOpen('end')} data-testid="user-end">
            {say('user.end-act')}
          </Button>
        ) : (
          <Button type="primary" onClick={() => sure('resume', acts.resume)} data-testid="user-resume">
            {say('user.resume-act')}
          </Button>
        )}
      </div>
      {acts.trouble && <TroubleNote trouble={acts.trouble} />}
      {open === 'pin' && <PinModal one={one} onChanged={onChanged} onClose={() => setOpen(null)} />}
      {open === 'end' && <EndModal one={one} onChanged={onChanged} onClose={() => setOpen(null)} />}
    </section>
  )
}

const useUserActs = (one: UserView, onChanged: () => void, onCoded: (coded: Coded) => void) => {
  const { hub } = useCounty()
  const { user, name } = one
  const password = useAct((action, body: { readonly user: string }) => hub.ask('resetPassword', { body: { action, ...body } }))
  const totp = useAct((action, body: { readonly user: string }) => hub.ask('resetTotp', { body: { action, ...body } }))
  const resume = useAct((action, body: { readonly user: string }) => hub.ask('resumeUser', { body: { action, ...body } }))
  return {
    trouble: password.trouble ?? totp.trouble ?? resume.trouble,
    resetPassword: async () => {
      const answer = await password.send({ user })
      if (!answer?.ok) return
      onChanged()
      onCoded({ name, code: answer.value.code, until: answer.value.until })
    },
    resetTotp: async () => {
      if ((await totp.send({ user }))?.ok) onChanged()
    },
    resume: async () => {
      if ((await resume.send({ user }))?.ok) onChanged()
    },
  }
}

const EndModal = ({ one, onChanged, onClose }: Pick<ActsLine, 'one' | 'onChanged'> & { readonly onClose: () => void }) => {
  const say = useSay()
  const { hub } = useCounty()
  const end = useAct((action, reason: string) => hub.ask('endUser', { body: { action, user: one.user, reason } }))
  const send = async (reason: string): Promise<void> => {
    if (!(await end.send(reason))?.ok) return
    onChanged()
    onClose()
  }
  return (
    <ReasonModal
      title={say('user.end-sure', { name: one.name })}
      means={say('user.end-means')}
      act={say('user.end-act')}
      sending={end.state === 'sending'}
      trouble={end.trouble}
      onSend={(reason) => void send(reason)}
      onClose={onClose}
    />
  )
}
