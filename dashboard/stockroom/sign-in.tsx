import { type ReactNode, useEffect, useState } from 'react'
import type { Trouble } from '../parts/door.ts'
import { Icon } from '../parts/icons.tsx'
import { TroubleNote, Waiting } from '../parts/trouble.tsx'
import { LanguageButton } from './frame/language-button.tsx'
import type { Node } from './node.ts'
import { RosterAge } from './people/roster-age.tsx'
import { Face, Tiles, usePeople } from './people/tiles.tsx'
import { useSay } from './words.ts'

/** The sign-in: who one is, by a touch on a name, and the PIN on big keys or typed on a keyboard. Where only one may sign in, only the PIN is asked. */
export const SignIn = ({ node, onSignedIn }: { readonly node: Node; readonly onSignedIn: (keeper: string) => void }) => {
  const say = useSay()
  const people = usePeople(node)
  const [chosenId, setChosenId] = useState<string | null>(null)
  const keepers = people?.keepers ?? []
  const chosen = keepers.length === 1 ? keepers[0] : keepers.find(({ keeper }) => keeper === chosenId)
  if (people === null) return <Waiting rows={6} />
  return (
    <main className="pin-page" data-testid="sign-in">
      <div className="pin-language">
        <LanguageButton />
      </div>
      <section className={chosen ? 'pin-card' : 'pin-card pin-card-wide'}>
        <img src={MARK} width={56} height={56} alt="" />
        {chosen ? (
          <PinPad key={chosen.keeper} node={node} keeper={chosen.keeper} onSignedIn={onSignedIn}>
            <div className="pin-person" data-testid="chosen">
              <Face name={chosen.name} />
              <b>{chosen.name}</b>
              {keepers.length > 1 && (
                <button type="button" className="plain-button" onClick={() => setChosenId(null)} data-testid="person-back">
                  {say('people.back')}
                </button>
              )}
            </div>
          </PinPad>
        ) : (
          <>
            <h1>{say('people.who')}</h1>
            <Tiles keepers={keepers} onChosen={({ keeper }) => setChosenId(keeper)} />
          </>
        )}
        <RosterAge roster={people.roster} />
      </section>
    </main>
  )
}

interface PinLine {
  readonly node: Node
  /** Whose PIN it is. */
  readonly keeper: string
  readonly onSignedIn: (keeper: string) => void
  readonly children: ReactNode
}

const PinPad = ({ node, keeper, onSignedIn, children }: PinLine) => {
  const say = useSay()
  const pin = usePin(node, keeper, onSignedIn)
  return (
    <>
      {children}
      <h1>{say('pin.title')}</h1>
      <output className="pin-dots" aria-label={say('pin.typed', { n: pin.typed.length })}>
        {pin.typed === '' ? <small>{say('pin.hint')}</small> : [...pin.typed].map((_, place) => <i key={DOTS[place]} />)}
      </output>
      {pin.trouble && <TroubleNote trouble={pin.trouble} />}
      <div className="pin-keys">
        {KEYS.map((key) => (
          <button type="button" key={key} onClick={() => pin.press(key)} data-testid={`pin-${key}`}>
            {key}
          </button>
        ))}
        <button type="button" className="pin-erase" onClick={() => pin.press('Backspace')} aria-label={say('pin.erase')}>
          <Icon name="erase" size={30} />
        </button>
        <button type="button" onClick={() => pin.press('0')} data-testid="pin-0">
          0
        </button>
        <button type="button" className="pin-enter" onClick={() => pin.press('Enter')} disabled={!pin.ready} data-testid="pin-enter">
          {say('pin.enter')}
        </button>
      </div>
    </>
  )
}

const usePin = (node: Node, keeper: string, onSignedIn: (keeper: string) => void) => {
  const [typed, setTyped] = useState('')
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const [sending, setSending] = useState(false)
  const ready = typed.length >= PIN_LENGTH_MIN && !sending
  const enter = async (): Promise<void> => {
    if (!ready) return
    setSending(true)
    const answer = await node.ask('signIn', { body: { pin: typed, keeper } })
    setSending(false)
    setTyped('')
    if (answer.ok) onSignedIn(answer.value.name || answer.value.keeper)
    else setTrouble(answer.trouble)
  }
  const press = (key: string): void => {
    if (key === 'Enter') void enter()
    else if (key === 'Backspace') setTyped((now) => now.slice(0, -1))
    else if (key === 'Escape') setTyped('')
    else if (/^\d$/.test(key)) setTyped((now) => (now.length < PIN_LENGTH_MAX ? now + key : now))
  }
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      // Enter on a key that has the cursor presses that key, as everywhere.
      if (event.key === 'Enter' && (event.target as HTMLElement).matches('button:not(.pin-enter)') && typed === '') return
      if (event.key === 'Enter') event.preventDefault()
      press(event.key)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  })
  return { typed, trouble, ready, press }
}

const MARK = new URL('../parts/mark.svg', import.meta.url).href
const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9']
const PIN_LENGTH_MIN = 4
/** New PINs have eight digits at most; older ones up to twelve. */
const PIN_LENGTH_MAX = 12
const DOTS = Array.from({ length: PIN_LENGTH_MAX }, (_, place) => `dot-${place + 1}`)
