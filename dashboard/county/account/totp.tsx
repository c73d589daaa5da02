import type { HubAnswer } from '@lotkeeper/protocol/api/hub.ts'
import { App, Form, Input } from 'antd'
import { useState } from 'react'
import { useCounty } from '../county.ts'
import { LockNote, useLock } from '../people/use-lock.tsx'
import { useOnce } from '../people/use-once.ts'
import { useSay } from '../words.ts'
import { FormActs } from './form-acts.tsx'
import { OwnPassword } from './own-password.tsx'
import { AccountPart } from './part.tsx'

/** An authenticator app: bound by a picture and one code, stopped by the password and one code. Whether there is one the hub says when asked. */
export const TotpPart = () => {
  const say = useSay()
  const [step, setStep] = useState<Step>({ at: 'start' })
  return (
    <AccountPart name="totp" title={say('account.totp')} hint={say('account.totp-hint')} change={say('account.totp-set')}>
      {(close) => {
        const leave = (): void => {
          setStep({ at: 'start' })
          close()
        }
        if (step.at === 'start') return <Start onStep={setStep} onClose={leave} />
        if (step.at === 'confirm') return <Confirm made={step.made} onClose={leave} />
        return <Stop onClose={leave} />
      }}
    </AccountPart>
  )
}

type Step =
  | { readonly at: 'start' }
  | { readonly at: 'confirm'; readonly made: HubAnswer<'startTotp'> }
  /** There is one already. */
  | { readonly at: 'stop' }

const Start = ({ onStep, onClose }: { readonly onStep: (step: Step) => void; readonly onClose: () => void }) => {
  const say = useSay()
  const { hub } = useCounty()
  const start = useOnce((body: { readonly password: string }) => hub.ask('startTotp', { body }))
  const left = useLock(start.trouble)
  const send = async ({ password }: { readonly password: string }): Promise<void> => {
    const answer = await start.send({ password })
    if (answer?.ok) onStep({ at: 'confirm', made: answer.value })
    else if (answer?.trouble.code === 'access.totp-on') onStep({ at: 'stop' })
  }
  return (
    <Form layout="vertical" requiredMark={false} onFinish={(asked) => void send(asked)} disabled={start.sending}>
      <OwnPassword />
      <LockNote trouble={start.trouble} left={left} />
      <FormActs text={say('account.next')} sending={start.sending} left={left} onCancel={onClose} />
    </Form>
  )
}

const Confirm = ({ made, onClose }: { readonly made: HubAnswer<'startTotp'>; readonly onClose: () => void }) => {
  const say = useSay()
  const { hub } = useCounty()
  const { message } = App.useApp()
  const confirm = useOnce((body: { readonly code: string }) => hub.ask('confirmTotp', { body }))
  const left = useLock(confirm.trouble)
  const send = async ({ code }: { readonly code: string }): Promise<void> => {
    if (!(await confirm.send({ code: code.replaceAll(/\s/g, '') }))?.ok) return
    void message.success(say('account.totp-done'))
    onClose()
  }
  return (
    <Form layout="vertical" requiredMark={false} onFinish={(asked) => void send(asked)} disabled={confirm.sending}>
      <div className="totp">
        {/* As a picture, in which nothing can run. */}
        <img src={`data:image/svg+xml,${encodeURIComponent(made.svg)}`} alt={say('account.totp-picture')} data-testid="totp-picture" />
        <div>
          <p>{say('account.totp-scan')}</p>
          <output className="mono" data-testid="totp-secret">
            {(made.secret.match(/.{1,4}/g) ?? []).join(' ')}
          </output>
        </div>
      </div>
      <CodeField />
      <LockNote trouble={confirm.trouble} left={left} />
      <FormActs text={say('account.totp-confirm')} sending={confirm.sending} left={left} onCancel={onClose} />
    </Form>
  )
}

interface StopAsked {
  readonly password: string
  readonly code: string
}

const Stop = ({ onClose }: { readonly onClose: () => void }) => {
  const say = useSay()
  const { hub } = useCounty()
  const { message } = App.useApp()
  const stop = useOnce(({ password, code }: StopAsked) => hub.ask('endTotp', { body: { password, code: code.replaceAll(/\s/g, '') } }))
  const left = useLock(stop.trouble)
  const send = async (asked: StopAsked): Promise<void> => {
    if (!(await stop.send(asked))?.ok) return
    void message.success(say('account.totp-stopped'))
    onClose()
  }
  return (
    <Form layout="vertical" requiredMark={false} onFinish={(asked: StopAsked) => void send(asked)} disabled={stop.sending}>
      <p className="form-hint">{say('account.totp-is-on')}</p>
      <OwnPassword />
      <CodeField />
      <LockNote trouble={stop.trouble} left={left} />
      <FormActs text={say('account.totp-stop')} sending={stop.sending} left={left} onCancel={onClose} />
    </Form>
  )
}

const CodeField = () => {
  const say = useSay()
  return (
    <Form.Item name="code" label={say('totp.code')} rules={[{ required: true, message: say('totp.code-missing') }]}>
      <Input autoComplete="one-time-code" inputMode="numeric" maxLength={16} className="mono" data-testid="totp-code" />
    </Form.Item>
  )
}
