import { Button, Form, Input } from 'antd'
import { useState } from 'react'
import type { Trouble } from '../parts/door.ts'
import { TroubleNote } from '../parts/trouble.tsx'
import { LanguageSwitch } from './frame/language-switch.tsx'
import { Mark } from './frame/mark.tsx'
import type { Hub } from './hub.ts'
import { useSay } from './words.ts'
import './frame/frame.css'

/** The county's sign-in: who, password, and what this house is. */
export const SignIn = ({ hub, onSignedIn }: { readonly hub: Hub; readonly onSignedIn: (name: string) => void }) => {
  const say = useSay()
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const [sending, setSending] = useState(false)
  const signIn = async (asked: { user: string; password: string }): Promise<void> => {
    setSending(true)
    const answer = await hub.ask('signIn', { body: { user: asked.user.trim(), password: asked.password } })
    setSending(false)
    if (answer.ok) onSignedIn(answer.value.name || answer.value.user)
    else setTrouble(answer.trouble)
  }
  return (
    <main className="sign-in" data-testid="sign-in">
      <section className="sign-in-about">
        <div className="brand">
          <Mark size={44} />
          <strong>{say('app.name')}</strong>
        </div>
        <h1>{say('sign-in.promise')}</h1>
        <Doorways />
        <p>{say('sign-in.about')}</p>
      </section>
      <section className="sign-in-form">
        <LanguageSwitch />
        <h2>{say('sign-in.title')}</h2>
        <Form layout="vertical" size="large" requiredMark={false} onFinish={signIn} disabled={sending}>
          <Form.Item name="user" label={say('sign-in.user')} rules={[{ required: true, message: say('sign-in.user-missing') }]}>
            <Input autoFocus autoComplete="username" maxLength={64} data-testid="sign-in-user" />
          </Form.Item>
          <Form.Item name="password" label={say('sign-in.password')} rules={[{ required: true, message: say('sign-in.password-missing') }]}>
            <Input.Password autoComplete="current-password" maxLength={200} data-testid="sign-in-password" />
          </Form.Item>
          {trouble && <TroubleNote trouble={trouble} />}
          <Button type="primary" htmlType="submit" block loading={sending} data-testid="sign-in-submit">
            {say('sign-in.enter')}
          </Button>
        </Form>
      </section>
    </main>
  )
}

/** The whole product in one line: a box, a door that sees it, the county that knows. */
const Doorways = () => (
  <svg className="sign-in-picture" viewBox="0 0 420 150" fill="none" aria-hidden="true">
    <path d="M20 128h380" className="picture-ground" />
    <path d="M150 128V40h60v88" className="picture-door" />
    <path d="M138 62a14 14 0 0 0 0 20M128 54a26 26 0 0 0 0 36M222 62a14 14 0 0 1 0 20M232 54a26 26 0 0 1 0 36" className="picture-waves" />
    <path d="M44 96h38v32H44zM44 96l8-10h38l-8 10M82 128l8-10V86" className="picture-box" />
    <path d="M161 100h34v28h-34zM161 100l7-9h34l-7 9" className="picture-box" />
    <path d="M250 84C290 84 300 48 338 48" className="picture-line" />
    <path d="M338 128V48l26-18 26 18v80M352 128v-24h24v24M354 66h20M354 82h20" className="picture-hub" />
  </svg>
)
