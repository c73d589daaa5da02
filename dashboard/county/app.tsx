import { App as AntApp, ConfigProvider } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react'
import { openDoor } from '../parts/door.ts'
import { useLanguage } from '../parts/language.ts'
import { openSender } from '../parts/sender.ts'
import type { Shelf } from '../parts/shelf.ts'
import { Waiting } from '../parts/trouble.tsx'
import { type County, CountyContext, useCounty, useHub } from './county.ts'
import { Frame } from './frame/frame.tsx'
import { type Hub, openHub } from './hub.ts'
import { pollHub } from './live/poll.ts'
import { openSocket } from './live/socket.ts'
import { openStill } from './live/still.ts'
import { openLive } from './live/store.ts'
import { may } from './parts/may.ts'
import { NamesContext } from './parts/who.tsx'
import { draftsBelongTo } from './records/drafts.ts'
import { type Session, sessionKept } from './session.ts'
import { SignIn } from './sign-in/page.tsx'
import { THEME } from './theme.ts'
import { useSay } from './words.ts'

/** The county page: who is signed in decides what is shown, the live view lives as long as the sign-in. */
export const CountyApp = ({ shelf }: { readonly shelf: Shelf }) => {
  const { language } = useLanguage()
  const say = useSay()
  const [session, setSession] = useState<Session | null | undefined>(undefined)
  const leave = useCallback(() => setSession(null), [])
  const hub = useMemo(() => openHub(openDoor({ fetch: (url, init) => fetch(url, init), onSignedOut: leave }), openSender(leave)), [leave])
  useEffect(() => {
    document.title = say('app.title')
  }, [say])
  useEffect(() => {
    void hub.ask('session').then((answer) => setSession(answer.ok ? sessionKept(answer.value) : null))
  }, [hub])
  const user = session?.user
  useEffect(() => {
    // A sign-in that ran out forgets nothing: whoever comes back to it finds what was typed, and nobody else does.
    if (user !== undefined) draftsBelongTo(user)
  }, [user])
  useReturning(hub, session, setSession)
  return (
    <ConfigProvider locale={language === 'zh' ? zhCN : enUS} theme={THEME} button={{ autoInsertSpace: false }}>
      <AntApp>
        {session === undefined && <Waiting rows={6} />}
        {session === null && (
          <SignIn
            hub={hub}
            onSignedIn={(answer) => {
              shelf.renew('')
              setSession(sessionKept(answer))
            }}
          />
        )}
        {session && <SignedIn hub={hub} session={session} onSignedOut={leave} />}
      </AntApp>
    </ConfigProvider>
  )
}

const SignedIn = ({ hub, session, onSignedOut }: { readonly hub: Hub; readonly session: Session; readonly onSignedOut: () => void }) => {
  const [county, setCounty] = useState<County | null>(null)
  useEffect(() => {
    const parts = { openSocket, poll: () => pollHub(hub), frame: nextFrame, after, nowMs: () => Date.now() }
    const live = may(session, 'stock.see') ? openLive(parts) : openStill()
    const signOut = () => {
      draftsBelongTo('')
      void hub.ask('signOut').then(onSignedOut)
    }
    setCounty({ hub, live, session, signOut })
    return live.close
  }, [hub, session, onSignedOut])
  if (!county) return null
  return (
    <CountyContext value={county}>
      <Named>
        <Frame />
      </Named>
    </CountyContext>
  )
}

const Named = ({ children }: { readonly children: ReactNode }) => {
  const { session } = useCounty()
  const { value } = useHub('names', may(session, 'stock.see') ? undefined : null)
  const names = useMemo(() => new Map(value?.rows.map(({ id, name }) => [id, name])), [value])
  return <NamesContext value={names}>{children}</NamesContext>
}

/** Whoever comes back to the page sees what they may now: ended or changed meanwhile, the page follows. Asked at no other time, so that an idle page stays idle. */
const useReturning = (hub: Hub, session: Session | null | undefined, note: (session: Session | null) => void): void => {
  useEffect(() => {
    if (!session) return
    const look = (): void => {
      if (document.visibilityState !== 'visible') return
      void hub.ask('session').then((answer) => {
        if (!answer.ok && answer.trouble.status === 401) note(null)
        if (answer.ok && rightsText(sessionKept(answer.value)) !== rightsText(session)) note(sessionKept(answer.value))
      })
    }
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [hub, session, note])
}

const rightsText = ({ user, name, roles, rights }: Session): string => JSON.stringify([user, name, roles, rights])

/** Before the next picture; a hidden page draws none, so there it folds once a second instead of never. */
const nextFrame = (run: () => void): (() => void) => {
  const cancel = (): void => {
    cancelAnimationFrame(frame)
    clearTimeout(late)
  }
  const once = (): void => {
    cancel()
    run()
  }
  const frame = requestAnimationFrame(once)
  const late = setTimeout(once, HIDDEN_FRAME_MS)
  return cancel
}

const after = (ms: number, run: () => void): (() => void) => {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}

const HIDDEN_FRAME_MS = 1_000
