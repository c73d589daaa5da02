import { App, Drawer } from 'antd'
import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef } from 'react'
import { useSay } from '../words.ts'

/** A drawer that asks before what was typed in it is lost: on Esc, a click beside it, its cross, and when the page itself is closed. */
export const GuardedDrawer = ({ onClose, children, ...drawer }: DrawerLine) => {
  const say = useSay()
  const { modal } = App.useApp()
  const typed = useRef(false)
  const note = useCallback((is: boolean): void => {
    typed.current = is
  }, [])
  useLeaving(typed)
  const close = (): void => {
    if (!typed.current) {
      onClose()
      return
    }
    const drop = (): void => {
      typed.current = false
      onClose()
    }
    void modal.confirm({
      title: say('draft.title'),
      content: say('draft.hint'),
      okText: say('draft.drop'),
      cancelText: say('draft.stay'),
      okButtonProps: { danger: true, 'data-testid': 'draft-drop' },
      cancelButtonProps: { type: 'primary', 'data-testid': 'draft-stay' },
      autoFocusButton: 'cancel',
      onOk: drop,
    })
  }
  return (
    <TypedContext value={{ note, isTyped: () => typed.current }}>
      <Drawer {...drawer} onClose={close} destroyOnHidden>
        {children}
      </Drawer>
    </TypedContext>
  )
}

interface DrawerLine {
  readonly open: boolean
  readonly title: ReactNode
  readonly size: number
  readonly footer?: ReactNode
  readonly onClose: () => void
  readonly children: ReactNode
}

/** Says whether something was typed that is not saved. */
export interface Typed {
  readonly note: (is: boolean) => void
  readonly isTyped: () => boolean
}
const TypedContext = createContext<Typed>({ note: () => undefined, isTyped: () => false })
export const useTyped = (): Typed => useContext(TypedContext)

const useLeaving = (typed: { readonly current: boolean }): void => {
  useEffect(() => {
    const onLeave = (event: BeforeUnloadEvent): void => {
      if (typed.current) event.preventDefault()
    }
    window.addEventListener('beforeunload', onLeave)
    return () => window.removeEventListener('beforeunload', onLeave)
  }, [typed])
}
