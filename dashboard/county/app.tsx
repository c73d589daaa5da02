import { App as AntApp, ConfigProvider } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { openDoor } from '../parts/door.ts'
import { useLanguage } from '../parts/language.ts'
import { openSender } from '../parts/sender.ts'
import type { Shelf } from '../parts/shelf.ts'
import { Waiting } from '../parts/trouble.tsx'
import { type County, CountyContext } from './county.ts'
import { Frame } from './frame/frame.tsx'
import { type Hub, openHub } from './hub.ts'
import { pollHub } from './live/poll.ts'
import { openSocket } from './live/socket.ts'
import { openLive } from './live/store.ts'
import { SignIn } from './sign-in.tsx'
import { THEME } from './theme.ts'
import { useSay } from './words.ts'

/** The county page: who is signed in decides what is shown, the live view lives as long as the sign-in. */
export const CountyApp = ({ shelf }: { readonly shelf: Shelf }) => {
  const { language } = useLanguage()
  const say = useSay()
  const [user, setUser] = useState<string | null | undefined>(undefined)
  const leave = useCallback(() => setUser(null), [])
  const hub = useMemo(() => openHub(openDoor({ fetch: (url, init) => fetch(url, init), onSignedOut: leave }), openSender(leave)), [leave])
  useEffect(() => {
    document.title = say('app.title')
  }, [say])
  useEffect(() => {
    void hub.ask('session').then((answer) => setUser(answer.ok ? answer.value.name || answer.value.user : null))
  }, [hub])
  return (
    <ConfigProvider locale={language === 'zh' ? zhCN : enUS} theme={THEME} button={{ autoInsertSpace: false }}>
      <AntApp>
        {user === undefined && <Waiting rows={6} />}
        {user === null && (
          <SignIn
            hub={hub}
            onSignedIn={(name) => {
              shelf.renew('')
              setUser(name)
            }}
          />
        )}
        {typeof user === 'string' && <SignedIn hub={hub} user={user} onSignedOut={leave} />}
      </AntApp>
    </ConfigProvider>
  )
}

const SignedIn = ({ hub, user, onSignedOut }: { readonly hub: Hub; readonly user: string; readonly onSignedOut: () => void }) => {
  const [county, setCounty] = useState<County | null>(null)
  useEffect(() => {
    const live = openLive({ openSocket, poll: () => pollHub(hub), frame: nextFrame, after, nowMs: () => Date.now() })
    const signOut = () => void hub.ask('signOut').then(onSignedOut)
    setCounty({ hub, live, user, signOut })
    return live.close
  }, [hub, user, onSignedOut])
  if (!county) return null
  return (
    <CountyContext value={county}>
      <Frame />
    </CountyContext>
  )
}

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
