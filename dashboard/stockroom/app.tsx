import { useCallback, useEffect, useMemo, useState } from 'react'
import { newAction } from '../parts/action.ts'
import { openDoor } from '../parts/door.ts'
import type { Memory } from '../parts/memory.ts'
import type { Shelf } from '../parts/shelf.ts'
import { Waiting } from '../parts/trouble.tsx'
import { openEvents } from './events.ts'
import { Frame } from './frame/frame.tsx'
import { openHead } from './head.ts'
import { type Node, openNode } from './node.ts'
import { openScanner, type Scanner } from './scan/scanner.ts'
import { openSounds } from './scan/sounds.ts'
import { SignIn } from './sign-in.tsx'
import { type BookedNote, type Stockroom, StockroomContext } from './stockroom.ts'
import { useSay } from './words.ts'

/** The stockroom page: who is signed in decides what is shown; the node is listened to as long as the sign-in lasts. */
export const StockroomApp = ({ shelf, memory }: { readonly shelf: Shelf; readonly memory: Memory }) => {
  const say = useSay()
  const [keeper, setKeeper] = useState<string | null | undefined>(undefined)
  const leave = useCallback(() => setKeeper(null), [])
  const node = useMemo(
    () => openNode(openDoor({ fetch: (url, init) => fetch(url, init), onSignedOut: leave, ...openHead(memory) })),
    [leave, memory],
  )
  useEffect(() => {
    document.title = say('app.title')
  }, [say])
  useEffect(() => {
    void askSession(node, setKeeper)
  }, [node])
  if (keeper === undefined) return <Waiting rows={6} />
  if (keeper === null) {
    return (
      <SignIn
        node={node}
        onSignedIn={(name) => {
          shelf.renew('')
          setKeeper(name)
        }}
      />
    )
  }
  return <SignedIn node={node} keeper={keeper} shelf={shelf} memory={memory} leave={leave} />
}

interface SignedInLine {
  readonly node: Node
  readonly keeper: string
  readonly shelf: Shelf
  readonly memory: Memory
  readonly leave: () => void
}

const SignedIn = ({ node, keeper, shelf, memory, leave }: SignedInLine) => {
  const [note, setNote] = useState<(BookedNote & { readonly at: number }) | null>(null)
  const scanner = useMemo(openScanner, [])
  const sounds = useMemo(() => openSounds(() => memory.read('sound') !== 'off'), [memory])
  const listening = useEvents(shelf, scanner)
  // Only what one device scans is joined; a page that is loaded anew is another one.
  const device = useMemo(newAction, [])
  const stockroom: Stockroom = useMemo(
    () => ({
      node,
      keeper,
      scanner,
      sounds,
      memory,
      signOut: () => void node.ask('signOut').then(leave),
      booked: (booked) => setNote({ ...booked, at: Date.now() }),
      readCode: async (text) => {
        const answer = await node.ask('scan', { body: { action: newAction(), text, device } })
        if (answer.ok) scanner.take(answer.value)
        return answer
      },
    }),
    [node, keeper, scanner, sounds, memory, leave, device],
  )
  return (
    <StockroomContext value={stockroom}>
      <Frame listening={listening} note={note} clearNote={() => setNote(null)} />
    </StockroomContext>
  )
}

/** Listens to the node; while it is silent the state is asked for instead, so that the page notices when it is back. */
const useEvents = (shelf: Shelf, scanner: Scanner): boolean => {
  const [listening, setListening] = useState(true)
  useEffect(
    () =>
      openEvents(
        {
          up: () => setListening(true),
          down: () => {
            setListening(false)
            shelf.renew('state ')
          },
          changed: (what) => shelf.renew(...what.map((one) => `${one} `)),
          scan: scanner.take,
        },
        {
          after: (ms, run) => {
            const timer = setTimeout(run, ms)
            return () => clearTimeout(timer)
          },
        },
      ),
    [shelf, scanner],
  )
  useEffect(() => {
    if (listening) return
    const timer = setInterval(() => shelf.renew(''), SILENT_ASK_MS)
    return () => clearInterval(timer)
  }, [listening, shelf])
  return listening
}

/** A node that does not answer yet is asked again: after a power cut the tablet is often up before the node. */
const askSession = async (node: Node, set: (keeper: string | null) => void): Promise<void> => {
  for (;;) {
    const answer = await node.ask('session')
    if (answer.ok) return set(answer.value.name || answer.value.keeper)
    if (answer.trouble.status !== 0) return set(null)
    await new Promise((go) => setTimeout(go, SILENT_ASK_MS))
  }
}

const SILENT_ASK_MS = 5_000
