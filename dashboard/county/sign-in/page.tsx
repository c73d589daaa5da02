import type { HubAnswer } from '@lotkeeper/protocol/api/hub.ts'
import { Alert, Button } from 'antd'
import { useEffect, useState } from 'react'
import { LanguageSwitch } from '../frame/language-switch.tsx'
import { Mark } from '../frame/mark.tsx'
import type { Hub } from '../hub.ts'
import { useSay } from '../words.ts'
import { CodeForm } from './code-form.tsx'
import { PasswordForm } from './password-form.tsx'
import { SetUpForm } from './set-up-form.tsx'
import '../frame/frame.css'
import '../people/people.css'

/** The county's door: the sign-in, the first set-up of a county without anybody, a one-time code for who has no password yet. */
export const SignIn = ({ hub, onSignedIn }: { readonly hub: Hub; readonly onSignedIn: (session: HubAnswer<'session'>) => void }) => {
  const say = useSay()
  const [face, setFace] = useState<Face>('password')
  const door = useDoor(hub)
  useEffect(() => {
    if (door?.isSetUp === false) setFace('set-up')
  }, [door])
  const parts = { hub, onSignedIn, onSetUpNeeded: () => setFace('set-up') }
  return (
    <main className="sign-in" data-testid="sign-in" data-face={face}>
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
        <h2>{say(`sign-in.title-${face}`)}</h2>
        {face === 'password' && <CameBack />}
        {face === 'password' && <PasswordForm {...parts} />}
        {face === 'password' && door?.sso && (
          <Button block size="large" href={SSO_START} className="sign-in-sso" data-testid="sign-in-sso">
            {door.sso}
          </Button>
        )}
        {face === 'set-up' && <SetUpForm {...parts} />}
        {face === 'code' && <CodeForm {...parts} />}
        <nav className="sign-in-others">
          {FACES.filter((other) => other !== face && !(other === 'set-up' && door?.isSetUp)).map((other) => (
            <button key={other} type="button" className="quiet-button" onClick={() => setFace(other)} data-testid={`sign-in-to-${other}`}>
              {say(`sign-in.to-${other}`)}
            </button>
          ))}
        </nav>
      </section>
    </main>
  )
}

/** What the hub says of its door before anybody is in: whether there is an administrator, and what the identity provider's button says. */
const useDoor = (hub: Hub): HubAnswer<'health'> | null => {
  const [door, setDoor] = useState<HubAnswer<'health'> | null>(null)
  useEffect(() => {
    void hub.ask('health').then((answer) => setDoor(answer.ok ? answer.value : null))
  }, [hub])
  return door
}

/** The identity provider led the browser back, and nobody was let in. */
const CameBack = () => {
  const say = useSay()
  const isBack = new URLSearchParams(window.location.search).has('refused')
  return isBack ? <Alert type="warning" showIcon message={say('sign-in.sso-refused')} className="sign-in-back" /> : null
}

/** The browser goes there itself: the provider is another site. */
const SSO_START = '/api/oidc/start'

const FACES = ['password', 'code', 'set-up'] as const
type Face = (typeof FACES)[number]

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
